import type { HeaderReading } from '../../../src/headers/part10/readElements.js';
import { readPart10Header } from '../../../src/headers/part10/readPart10Header.js';
import { toDicomJson } from '../../../src/headers/part10/toDicomJson.js';
import type { DicomJson } from '../../../src/headers/part10/toDicomJson.js';
import { encodePart10, headerLength } from '../../support/encodePart10.js';
import type { TestElement, TestSyntax } from '../../support/encodePart10.js';

const VRS: Readonly<Record<string, string>> = {
  '00080005': 'CS',
  '00080060': 'CS',
  '00100010': 'PN',
  '00200013': 'IS',
  '00200032': 'DS',
  '00280010': 'US',
  '00280103': 'US',
  '00280106': 'xs',
  '00281201': 'OW',
  '00289110': 'SQ',
  '00280030': 'DS',
  '00189073': 'FD',
};
const lookUpVr = (tag: string): string | undefined => VRS[tag];

const HEADER: readonly TestElement[] = [
  { tag: 0x00080005, vr: 'CS', value: 'ISO_IR 192' },
  { tag: 0x00080060, vr: 'CS', value: 'MR' },
  { tag: 0x00100010, vr: 'PN', value: 'Müller^Eva' },
  { tag: 0x00189073, vr: 'FD', value: [0.125] },
  { tag: 0x00200013, vr: 'IS', value: '12' },
  { tag: 0x00200032, vr: 'DS', value: '-1.5\\2e1\\0.25' },
  { tag: 0x00280010, vr: 'US', value: [512] },
  { tag: 0x00280103, vr: 'US', value: [1] },
  { tag: 0x00280106, vr: 'SS', value: [-5] },
  { tag: 0x00281201, vr: 'OW', value: [0x0102, 0x0304] },
  {
    tag: 0x00289110,
    vr: 'SQ',
    value: [[{ tag: 0x00280030, vr: 'DS', value: '0.7\\0.8' }]],
    length: 'undefined',
  },
];
const PIXELS: TestElement = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(4000).fill(7) };

const SYNTAXES: readonly TestSyntax[] = [
  'implicit',
  'explicit',
  'big-endian',
  'deflated',
  'jpeg-ls',
];

describe('readPart10Header', () => {
  async function read(bytes: Uint8Array, totalBytes?: number): Promise<HeaderReading> {
    return readPart10Header(bytes, totalBytes, lookUpVr);
  }

  async function readJson(bytes: Uint8Array, totalBytes?: number): Promise<DicomJson> {
    const reading = await read(bytes, totalBytes);
    if (reading.kind !== 'header') {
      throw new Error(JSON.stringify(reading));
    }
    return toDicomJson(reading.header, lookUpVr);
  }

  for (const syntax of SYNTAXES) {
    it(`reads every element before the pixels: ${syntax}`, async () => {
      const json = await readJson(await encodePart10([...HEADER, PIXELS], syntax));
      const { '00020010': syntaxUid, '00281201': lut, ...rest } = json;
      expect(syntaxUid?.vr).toBe('UI');
      expect([...new Uint8Array(lut?.Value[0] as ArrayBuffer)]).toEqual([2, 1, 4, 3]);
      expect(rest).toEqual({
        '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
        '00080060': { vr: 'CS', Value: ['MR'] },
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^Eva' }] },
        '00189073': { vr: 'FD', Value: [0.125] },
        '00200013': { vr: 'IS', Value: [12] },
        '00200032': { vr: 'DS', Value: [-1.5, 20, 0.25] },
        '00280010': { vr: 'US', Value: [512] },
        '00280103': { vr: 'US', Value: [1] },
        '00280106': { vr: 'SS', Value: [-5] },
        '00289110': { vr: 'SQ', Value: [{ '00280030': { vr: 'DS', Value: [0.7, 0.8] } }] },
      });
    });

    it(`asks for more until the header is whole, and for no more then: ${syntax}`, async () => {
      const file = await encodePart10([...HEADER, PIXELS], syntax);
      let length = 8;
      let reading = await read(file.subarray(0, length));
      for (; reading.kind === 'more'; reading = await read(file.subarray(0, length))) {
        expect(reading.byteLength).toBeGreaterThan(length);
        length += 1;
      }
      expect(reading.kind).toBe('header');
      const whole = headerLength(file, syntax);
      if (syntax === 'deflated') {
        expect(length).toBeLessThanOrEqual(file.length);
      } else {
        expect(length).toBe(whole + 4);
      }
    });
  }

  it('says how far a long element reaches', async () => {
    const long: TestElement = { tag: 0x00091010, vr: 'OB', value: new Uint8Array(100_000) };
    const file = await encodePart10([long, PIXELS], 'explicit');
    const reading = await read(file.subarray(0, 1000), file.length);
    expect(reading).toEqual({ kind: 'more', byteLength: headerLength(file, 'explicit') });
  });

  it('reads a file without pixels to its end', async () => {
    const file = await encodePart10(HEADER, 'explicit');
    expect((await readJson(file, file.length))['00080060']?.Value).toEqual(['MR']);
    expect((await read(file)).kind).toBe('more');
  });

  it('reads 64 bit integers, which dicom-parser does not know', async () => {
    const long: TestElement = { tag: 0x00091011, vr: 'SV', value: new Uint8Array(16).fill(1) };
    const file = await encodePart10([long, ...HEADER.slice(4), PIXELS], 'explicit');
    expect((await readJson(file))['00200013']?.Value).toEqual([12]);
  });

  async function faultOf(bytes: Uint8Array): Promise<string> {
    const reading = await read(bytes, bytes.length);
    return reading.kind === 'error' ? reading.fault : reading.kind;
  }

  it('knows what is not DICOM', async () => {
    expect(await faultOf(new TextEncoder().encode('<!doctype html><p>Sign in'))).toBe('not-dicom');
    expect(await faultOf(new Uint8Array(5000).fill(0xa7))).toBe('not-dicom');
  });

  it('knows a file that is cut off, in its header and in its pixels', async () => {
    for (const syntax of ['explicit', 'implicit', 'big-endian'] as const) {
      const file = await encodePart10([...HEADER, PIXELS], syntax);
      const cut = headerLength(file, syntax);
      expect(await faultOf(file.subarray(0, cut - 100))).toBe('truncated');
      expect(await faultOf(file.subarray(0, cut + 1000))).toBe('truncated');
      expect(await faultOf(file.subarray(0, 140))).toBe('truncated');
    }
    expect(await faultOf(new Uint8Array(0))).toBe('truncated');
  });

  it('knows an element that claims to go on behind the end of the file', async () => {
    const lying: TestElement = { tag: 0x00091010, vr: 'OB', value: 'ab', length: 0xfffffff0 };
    const file = await encodePart10([lying, ...HEADER, PIXELS], 'explicit');
    expect(await faultOf(file)).toBe('truncated');
  });

  it('knows a file that names no transfer syntax, or is deflated badly', async () => {
    const file = await encodePart10([...HEADER, PIXELS], 'explicit');
    expect(await faultOf(file.with(134, 0x11))).toBe('malformed');
    const deflated = await encodePart10([...HEADER, PIXELS], 'deflated');
    const start = 132 + 8 + 22;
    expect(await faultOf(deflated.fill(0xff, start))).toBe('malformed');
  });

  it('does not follow sequences that are nested without end', async () => {
    let inner: TestElement = { tag: 0x00280030, vr: 'DS', value: '0.7\\0.8' };
    for (let depth = 0; depth < 200; depth++) {
      inner = { tag: 0x00289110, vr: 'SQ', value: [[inner]], length: 'undefined' };
    }
    const file = await encodePart10([inner, PIXELS], 'explicit');
    expect(await read(file, file.length)).toEqual(
      jasmine.objectContaining({ kind: 'error', fault: 'malformed' }),
    );
  });

  it('inflates no more than a header can have', async () => {
    const bomb: TestElement = { tag: 0x00091010, vr: 'OB', value: 'ab', length: 0x7ffffff0 };
    const file = await encodePart10([bomb], 'deflated');
    const zeros = new Blob([new Uint8Array(40 * 1024 * 1024)])
      .stream()
      .pipeThrough(new CompressionStream('deflate-raw'));
    const bytes = new Uint8Array(await new Response(zeros).arrayBuffer());
    const whole = new Uint8Array([...file.subarray(0, 162), ...bytes]);
    expect(await faultOf(whole)).toMatch(/truncated|malformed/);
  });
});
