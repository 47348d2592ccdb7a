import { setDataLimits } from '../../../src/base/limits.js';
import { readPart10File } from '../../../src/headers/part10/readPart10File.js';
import { readPart10Header } from '../../../src/headers/part10/readPart10Header.js';
import { inflateDataSet } from '../../../src/headers/part10/inflateDataSet.js';
import { encodePart10 } from '../../support/encodePart10.js';
import type { TestElement } from '../../support/encodePart10.js';

const MEGABYTE = 2 ** 20;

const us = (tag: number, value: number): TestElement => ({ tag, vr: 'US', value: [value] });

const header = (rows: number, columns: number): TestElement[] => [
  us(0x00280002, 1),
  us(0x00280010, rows),
  us(0x00280011, columns),
  us(0x00280100, 16),
];
const pixelHead = (length: number): number[] => [
  0xe0,
  0x7f,
  0x10,
  0x00,
  0x4f,
  0x57,
  0,
  0,
  ...new Uint8Array(Uint32Array.of(length).buffer),
];

/** A file whose deflated data set has these elements, and then zeros. */
async function deflatedFile(
  elements: readonly TestElement[],
  head: readonly number[],
  zeros: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const explicit = await encodePart10(elements, 'explicit');
  const empty = await encodePart10([], 'explicit');
  const meta = await encodePart10([], 'deflated');
  const content = [explicit.slice(empty.length), new Uint8Array(head)];
  const pieces = Array.from(
    { length: Math.floor(zeros / MEGABYTE) },
    () => new Uint8Array(MEGABYTE),
  );
  const plain = new Blob([...content, ...pieces, new Uint8Array(zeros % MEGABYTE)]).stream();
  const deflated = plain.pipeThrough(new CompressionStream('deflate-raw'));
  // What an empty data set deflates to is left out.
  const metaEnd = 132 + 8 + '1.2.840.10008.1.2.1.99'.length;
  const bytes = new Uint8Array(await new Response(deflated).arrayBuffer());
  return Uint8Array.from([...meta.subarray(0, metaEnd), ...bytes]);
}

describe('A small file that inflates to a large one', () => {
  let inflated: number;

  beforeEach(() => {
    inflated = 0;
    // oxlint-disable-next-line typescript/unbound-method -- called with its `this`
    const { read } = ReadableStreamDefaultReader.prototype;
    spyOn(ReadableStreamDefaultReader.prototype, 'read').and.callFake(async function (
      this: ReadableStreamDefaultReader<Uint8Array>,
    ) {
      const result = await (read.call(this) as Promise<ReadableStreamReadResult<Uint8Array>>);
      inflated += result.value?.length ?? 0;
      return result as never;
    });
  });

  const size = 64 * MEGABYTE;

  it('is refused where its frames need less', async () => {
    const file = await deflatedFile(header(2, 2), pixelHead(size), size);
    expect(file.length).toBeLessThan(MEGABYTE);
    inflated = 0;
    await expectAsync(readPart10File(file, () => undefined)).toBeRejectedWithError(
      /67108876 bytes when inflated, and its frames need 8/,
    );
    expect(inflated).toBeLessThan(8 * MEGABYTE);
  });

  it('is inflated up to the end of its pixel data', async () => {
    const file = await deflatedFile(header(1024, 1024), pixelHead(2 * MEGABYTE), size);
    inflated = 0;
    const dataSet = await readPart10File(file, () => undefined);
    expect(dataSet.elements['x7fe00010']?.length).toBe(2 * MEGABYTE);
    expect(dataSet.byteArray.length).toBeLessThan(8 * MEGABYTE);
    expect(inflated).toBeLessThan(16 * MEGABYTE);
  });

  it('has a header that is read without the rest', async () => {
    const file = await deflatedFile(header(1024, 1024), pixelHead(size), size);
    inflated = 0;
    const reading = await readPart10Header(file, file.length, () => undefined);
    expect(reading.kind).toBe('header');
    expect(inflated).toBeLessThan(8 * MEGABYTE);
  });

  it('is refused without pixel data', async () => {
    const private_: TestElement = { tag: 0x00091001, vr: 'OB', value: [], length: size };
    const file = await deflatedFile([private_], [], size);
    inflated = 0;
    await expectAsync(readPart10File(file, () => undefined)).toBeRejectedWithError(
      /more than 16777216 bytes/,
    );
    const reading = await readPart10Header(file, file.length, () => undefined);
    expect(reading.kind).toBe('error');
    expect(inflated).toBeLessThan(60 * MEGABYTE);
  });

  it('with a long header is read all the same', async () => {
    const long: TestElement = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(3 * MEGABYTE) };
    const elements = [long, ...header(2, 2)];
    const file = await encodeWithPixels(elements);
    const reading = await readPart10Header(file, file.length, () => undefined);
    expect(reading.kind === 'header' && reading.header.elements['x00280010']).toBeDefined();
    const dataSet = await readPart10File(file, () => undefined);
    expect(dataSet.elements['x7fe00010']?.length).toBe(8);
  });

  function encodeWithPixels(elements: readonly TestElement[]): Promise<Uint8Array<ArrayBuffer>> {
    return encodeLong([...elements, { tag: 0x7fe00010, vr: 'OW', value: [1, 2, 3, 4] }]);
  }

  async function encodeLong(elements: readonly TestElement[]): Promise<Uint8Array<ArrayBuffer>> {
    const [long, ...rest] = elements as [TestElement, ...TestElement[]];
    const { length } = long.value as Uint8Array;
    const head = [
      9,
      0,
      1,
      0x10,
      0x4f,
      0x42,
      0,
      0,
      ...new Uint8Array(Uint32Array.of(length).buffer),
    ];
    const after = (await encodePart10(rest, 'explicit')).slice(
      (await encodePart10([], 'explicit')).length,
    );
    const meta = (await encodePart10([], 'deflated')).subarray(0, 132 + 8 + 22);
    const plain = new Blob([
      new Uint8Array(head),
      long.value as Uint8Array<ArrayBuffer>,
      after,
    ]).stream();
    const stream = plain.pipeThrough(new CompressionStream('deflate-raw'));
    return Uint8Array.from([...meta, ...new Uint8Array(await new Response(stream).arrayBuffer())]);
  }

  it('gives no more than it is asked for, and what comes with that', async () => {
    const file = await deflatedFile([], [], size);
    const start = 132 + 8 + 22;
    const { bytes, isCutOff } = await inflateDataSet(file, start, 1000);
    expect(isCutOff).toBeTrue();
    expect(bytes.length).toBeLessThan(8 * MEGABYTE);
  });
});

describe('The limit inflatedBytes', () => {
  afterEach(() => {
    setDataLimits();
  });

  it('holds for a file that is inflated whole', async () => {
    setDataLimits({ inflatedBytes: 3 * MEGABYTE });
    const pixels: TestElement = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(4 * MEGABYTE) };
    const file = await encodePart10([...header(1024, 2048), pixels], 'deflated');
    await expectAsync(readPart10File(file, () => undefined)).toBeRejectedWithError(/inflatedBytes/);
  });

  it('holds for a header', async () => {
    setDataLimits({ inflatedBytes: 1000 });
    const long: TestElement = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(5 * MEGABYTE) };
    const pixels: TestElement = { tag: 0x7fe00010, vr: 'OW', value: [1, 2] };
    const file = await encodePart10([long, pixels], 'deflated');
    expect((await readPart10Header(file, file.length, () => undefined)).kind).toBe('error');
  });
});
