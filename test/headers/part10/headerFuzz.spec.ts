import { readPart10Header } from '../../../src/headers/part10/readPart10Header.js';
import { toDicomJson } from '../../../src/headers/part10/toDicomJson.js';
import type { DicomJson } from '../../../src/headers/part10/toDicomJson.js';
import { encodePart10 } from '../../support/encodePart10.js';
import type { TestElement, TestSyntax } from '../../support/encodePart10.js';
import { seededRandom } from '../../support/seededRandom.js';

const INPUTS = 100_000;
const INPUTS_PER_TASK = 1000;
/** Each of them starts a stream of the browser, which is slow. */
const DEFLATED_INPUTS = 2000;
const SEED = 20_240_817;
/** What text and numbers may take when they are read: a value has one byte or more. */
const VALUES_PER_BYTE = 1;

const inner: readonly TestElement[] = [
  { tag: 0x00280030, vr: 'DS', value: '0.7\\0.8' },
  {
    tag: 0x00209113,
    vr: 'SQ',
    value: [[{ tag: 0x00200032, vr: 'DS', value: '1\\2\\3' }]],
    length: 'undefined',
  },
];
const ELEMENTS: readonly TestElement[] = [
  { tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
  { tag: 0x00080060, vr: 'CS', value: 'MR' },
  { tag: 0x00091010, vr: 'OB', value: new Uint8Array(40).fill(0xfe) },
  { tag: 0x00100010, vr: 'PN', value: 'A^B' },
  { tag: 0x00200032, vr: 'DS', value: '-1.5\\20\\0.25' },
  { tag: 0x00280010, vr: 'US', value: [512] },
  { tag: 0x00289110, vr: 'SQ', value: [inner, inner], length: 'undefined' },
  { tag: 0x52009229, vr: 'SQ', value: [inner] },
  { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(64).fill(7) },
];

const VRS: Readonly<Record<string, string>> = {
  '00080060': 'CS',
  '00200032': 'DS',
  '00280010': 'US',
  '00280030': 'DS',
  '00289110': 'SQ',
  '52009229': 'SQ',
};

describe('Headers that are damaged', () => {
  const random = seededRandom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);

  /** Cuts a file off, flips bytes, or writes the ends of the range where a length may stand. */
  function damage(file: Uint8Array): Uint8Array {
    const bytes = file.slice(0, below(3) === 0 ? below(file.length + 1) : file.length);
    const view = new DataView(bytes.buffer);
    for (let count = below(4); count > 0 && bytes.length > 136; count--) {
      const at = 132 + below(bytes.length - 136);
      const kind = below(3);
      if (kind === 0) {
        bytes[at] = below(256);
      } else if (kind === 1) {
        view.setUint32(at, [0xffffffff, 0xfffffff0, 0x7fffffff, 0, 0x10000][below(5)] as number);
      } else {
        view.setUint16(at, [0xffff, 0, 0x7fff, 0xe07f, 8][below(5)] as number, true);
      }
    }
    return bytes;
  }

  /** Bytes and values that a header holds. */
  function sizeOf(json: DicomJson): number {
    return Object.values(json).reduce(
      (sum, { Value }) => sum + Value.reduce((all: number, value) => all + sizeOfValue(value), 0),
      0,
    );
  }

  function sizeOfValue(value: unknown): number {
    if (value instanceof ArrayBuffer) {
      return value.byteLength;
    }
    const isItem = typeof value === 'object' && value !== null && !('Alphabetic' in value);
    return isItem ? sizeOf(value as DicomJson) : 1;
  }

  async function expectResultOrError(
    syntaxes: readonly TestSyntax[],
    count: number,
  ): Promise<void> {
    const files = await Promise.all(syntaxes.map((syntax) => encodePart10(ELEMENTS, syntax)));
    const seen = { header: 0, more: 0, error: 0 };
    for (let input = 0; input < count; input++) {
      if (input % INPUTS_PER_TASK === 0) {
        // Karma takes a page for lost that does not answer for seconds.
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
      }
      const bytes = damage(files[input % files.length] as Uint8Array);
      const total = below(4) === 0 ? undefined : bytes.length + (below(4) === 0 ? 500 : 0);
      const reading = await readPart10Header(bytes, total, (tag) => VRS[tag]);
      seen[reading.kind]++;
      if (reading.kind === 'header') {
        const { header } = reading;
        const size = sizeOf(toDicomJson(header, (tag) => VRS[tag]));
        if (size > header.bytes.length * VALUES_PER_BYTE) {
          fail(`input ${input}: ${size} values of ${header.bytes.length} bytes`);
        }
        if (header.bytes !== bytes && !syntaxes.includes('deflated')) {
          fail(`input ${input} was copied`);
        }
      } else if (reading.kind === 'more' && reading.byteLength <= bytes.length) {
        fail(`input ${input} asks for what it has`);
      }
    }
    expect(Object.values(seen).every((times) => times > count / 100))
      .withContext(JSON.stringify(seen))
      .toBeTrue();
  }

  it(`give a result or an error: ${INPUTS} inputs`, async () => {
    await expectResultOrError(['explicit', 'implicit', 'big-endian', 'jpeg-ls'], INPUTS);
  }, 120_000);

  it(`give a result or an error: ${DEFLATED_INPUTS} deflated inputs`, async () => {
    await expectResultOrError(['deflated'], DEFLATED_INPUTS);
  }, 120_000);
});
