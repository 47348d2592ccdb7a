import { isStreamingVolumeError } from '../../src/index.js';
import { frameTransferSyntax } from '../../src/pixels/transferSyntax.js';
import { IMPLICIT_LITTLE_ENDIAN } from '../../src/base/transferSyntaxUids.js';

const IMAGE_ID = 'wadors:https://pacs.test/instances/1/frames/1';
const JPEG = '1.2.840.10008.1.2.4.';
const JPEG_LS = `${JPEG}80`;
const HTJ2K = `${JPEG}201`;
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const EXPLICIT = '1.2.840.10008.1.2.1';
const NATIVE_LENGTH = 100;

/** What no codestream begins with. */
const octets = (length: number): Uint8Array => new Uint8Array(length).fill(7);

function syntaxOf(contentType: string, bytes: Uint8Array, stored?: string): string {
  return frameTransferSyntax({ bytes, contentType }, NATIVE_LENGTH, stored, IMAGE_ID);
}

/** JPEG's segments up to the entropy coded part. */
function jpeg(frameHeader: number, precision: number, selection: number): Uint8Array {
  const start = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 2, 0xff, 0xff];
  const frame = [0xff, frameHeader, 0, 11, precision, 0, 4, 0, 8, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, selection, 0, 0, 9, 9];
  return Uint8Array.from([...start, ...frame, ...scan]);
}

/** JPEG 2000's main header; `cap` is that of high throughput. */
function jpeg2000(transformation: 0 | 1, cap: boolean): Uint8Array {
  const size = [0xff, 0x4f, 0xff, 0x51, 0, 6, 0, 0, 0, 0];
  const capabilities = cap ? [0xff, 0x50, 0, 8, 0, 2, 0, 0, 0, 2] : [];
  const coding = [0xff, 0x52, 0, 12, 0, 0, 0, 1, 0, 1, 4, 4, 0, transformation, 0xff, 0x90];
  return Uint8Array.from([...size, ...capabilities, ...coding]);
}

function boxes(codestream: Uint8Array): Uint8Array {
  const signature = [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20, 0x0d, 0x0a, 0x87, 0x0a];
  const fileType = [0, 0, 0, 12, 0x66, 0x74, 0x79, 0x70, 1, 2, 3, 4];
  const content = [0, 0, 0, 0, 0x6a, 0x70, 0x32, 0x63];
  return Uint8Array.from([...signature, ...fileType, ...content, ...codestream]);
}

function rle(segments: number): Uint8Array {
  const header = new Uint32Array(20);
  header[0] = segments;
  for (let i = 1; i <= segments; i++) {
    header[i] = 62 + 2 * i;
  }
  return new Uint8Array(header.buffer);
}

describe('frameTransferSyntax', () => {
  for (const [contentType, expected] of [
    [`application/octet-stream; transfer-syntax=${JPEG_LS}`, JPEG_LS],
    [`application/octet-stream;transfer-syntax="${JPEG_LS}"`, JPEG_LS],
    [`image/jphc; Transfer-Syntax = ${JPEG_LS}`, JPEG_LS],
    [`image/jls; charset="a;b"; transfer-syntax=${HTJ2K}`, HTJ2K],
    ['image/jls', JPEG_LS],
    ['image/jphc; transfer-syntax=*', HTJ2K],
    ['image/jphc; transfer-syntax=', HTJ2K],
    ['IMAGE/JPEG', `${JPEG}70`],
    ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ['image/jll', `${JPEG}70`],
    ['image/jp2', `${JPEG}90`],
    ['image/jxl', `${JPEG}110`],
    [`application/octet-stream; transfer-syntax=${BIG_ENDIAN}`, BIG_ENDIAN],
  ] as const) {
    it(`is what the part says: ${contentType}`, () => {
      // Neither a native length nor the stored syntax speaks against it.
      expect(syntaxOf(contentType, octets(NATIVE_LENGTH), '1.2.3')).toBe(expected);
    });
  }

  for (const contentType of ['application/octet-stream', 'application/octet-stream; a=b', '']) {
    it(`is told by the length of plain octets (${contentType})`, () => {
      expect(syntaxOf(contentType, octets(100), JPEG_LS)).toBe(IMPLICIT_LITTLE_ENDIAN);
      expect(syntaxOf(contentType, octets(60), JPEG_LS)).toBe(JPEG_LS);
      expect(syntaxOf(contentType, octets(100), BIG_ENDIAN)).toBe(IMPLICIT_LITTLE_ENDIAN);
      expect(syntaxOf(contentType, octets(60), EXPLICIT)).toBe(IMPLICIT_LITTLE_ENDIAN);
    });

    it(`is told by nobody for short octets (${contentType})`, () => {
      let caught: unknown;
      try {
        syntaxOf(contentType, octets(60));
      } catch (error) {
        caught = error;
      }
      expect(isStreamingVolumeError(caught, 'frame-decode') && caught.imageIds).toEqual([IMAGE_ID]);
      expect(String(caught)).toContain('without naming its transfer syntax');
    });
  }

  for (const [name, bytes, expected] of [
    ['baseline JPEG', jpeg(0xc0, 8, 0), '50'],
    ['extended JPEG', jpeg(0xc1, 12, 0), '51'],
    ['progressive JPEG', jpeg(0xc2, 8, 0), '55'],
    ['lossless JPEG of predictor 1', jpeg(0xc3, 16, 1), '70'],
    ['lossless JPEG of predictor 6', jpeg(0xc3, 16, 6), '57'],
    ['JPEG-LS', jpeg(0xf7, 16, 0), '80'],
    ['near-lossless JPEG-LS', jpeg(0xf7, 16, 3), '81'],
    ['reversible JPEG 2000', jpeg2000(1, false), '90'],
    ['irreversible JPEG 2000', jpeg2000(0, false), '91'],
    ['reversible JPEG 2000 in boxes', boxes(jpeg2000(1, false)), '90'],
    ['reversible HTJ2K', jpeg2000(1, true), '201'],
    ['irreversible HTJ2K', jpeg2000(0, true), '203'],
    ['irreversible HTJ2K in boxes', boxes(jpeg2000(0, true)), '203'],
    ['JPEG XL', Uint8Array.of(0xff, 0x0a, 1, 2), '112'],
    ['JPEG XL in boxes', Uint8Array.of(0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20, 13, 10), '112'],
  ] as const) {
    it(`is that of the markers of ${name} where it is not named, or wrongly`, () => {
      const syntax = `${JPEG}${expected}`;
      for (const contentType of [
        'application/octet-stream',
        `application/octet-stream; transfer-syntax=${EXPLICIT}`,
        'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.5',
        'image/dicom-rle',
      ]) {
        expect(syntaxOf(contentType, bytes)).toBe(syntax);
        expect(syntaxOf(contentType, bytes, '1.2.840.10008.1.2.5')).toBe(syntax);
        expect(syntaxOf(contentType, bytes, syntax)).toBe(syntax);
      }
    });

    it(`is none of ${name} that is cut off before it can be told`, () => {
      expect(() => syntaxOf('', bytes.subarray(0, 1))).toThrowError(/without naming/);
    });
  }

  for (const segments of [1, 2, 4]) {
    it(`is RLE by its header of ${segments} segments`, () => {
      expect(syntaxOf('', rle(segments))).toBe('1.2.840.10008.1.2.5');
      expect(syntaxOf(`x/y; transfer-syntax=${JPEG_LS}`, rle(segments))).toBe(
        '1.2.840.10008.1.2.5',
      );
    });
  }

  it('is not RLE where an offset of the header lies', () => {
    const bytes = rle(2);
    new DataView(bytes.buffer).setUint32(8, 4000, true);
    expect(() => syntaxOf('', bytes)).toThrowError(/without naming/);
  });

  it('is the one of several that fit the markers that the part or the instance names', () => {
    expect(syntaxOf(`x/y; transfer-syntax=${JPEG}203`, jpeg2000(1, true))).toBe(`${JPEG}203`);
    expect(syntaxOf('image/jphc', jpeg2000(1, true), `${JPEG}202`)).toBe(`${JPEG}202`);
    expect(syntaxOf('image/jpeg', jpeg(0xc3, 16, 1), `${JPEG}57`)).toBe(`${JPEG}57`);
    // A lossless syntax has no irreversible wavelet.
    expect(syntaxOf('image/jp2', jpeg2000(0, false), `${JPEG}90`)).toBe(`${JPEG}91`);
  });

  it('is native for pixels that look like a codestream where no compression is named', () => {
    const bytes = octets(NATIVE_LENGTH);
    bytes.set(jpeg(0xc0, 8, 0));
    for (const contentType of ['application/octet-stream', `x/y; transfer-syntax=${EXPLICIT}`]) {
      for (const stored of [undefined, EXPLICIT]) {
        expect([IMPLICIT_LITTLE_ENDIAN, EXPLICIT]).toContain(syntaxOf(contentType, bytes, stored));
      }
    }
    expect(syntaxOf('application/octet-stream', bytes, `${JPEG}50`)).toBe(`${JPEG}50`);
  });

  it('is told of any first bytes without a fault of its own', () => {
    let seed = 5;
    for (let round = 0; round < 20_000; round++) {
      const bytes = Uint8Array.from({ length: round % 130 }, () => {
        seed = (seed * 1103515245 + 12345) & 0x7fffffff;
        const value = (seed >> 12) & 0xff;
        return value < 100 ? 0xff : value;
      });
      bytes.set(
        [
          [0xff, 0xd8],
          [0xff, 0x4f],
          [0, 0, 0, 12],
          [2, 0, 0, 0],
        ][round % 4]?.slice(0, bytes.length) ?? [],
      );
      try {
        expect(syntaxOf('', bytes)).toMatch(/^1\.2\.840\./);
      } catch (error) {
        expect(isStreamingVolumeError(error, 'frame-decode')).toBeTrue();
      }
    }
  });

  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    it(`takes the media type ${name} for one that it does not know`, () => {
      expect(syntaxOf(name, octets(NATIVE_LENGTH))).toBe(IMPLICIT_LITTLE_ENDIAN);
      expect(syntaxOf(name, jpeg(0xc0, 8, 0))).toBe(`${JPEG}50`);
    });
  }
});
