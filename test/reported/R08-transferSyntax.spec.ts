import codecFrames from '../support/codecFrames.json';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import {
  encodeFlatJpeg,
  encodeLosslessJpeg,
  encodeNative,
  encodeRle,
} from '../support/encodeFrames.js';
import type { FrameToEncode } from '../support/encodeFrames.js';
import { resetServer } from '../support/serverControls.js';
import { multipartBody, serveSeries } from '../support/servedSeries.js';

const OCTETS = 'application/octet-stream';
const SLICES = 3;

interface Kind {
  readonly frame: FrameToEncode;
  readonly bytes: Uint8Array;
  readonly syntax: string;
  readonly mediaType: string;
  /** One of another codec. */
  readonly wrongSyntax: string;
}

const decode = (base64: string): Uint8Array =>
  Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

const SMALL: FrameToEncode = {
  columns: 8,
  rows: 4,
  bits: 16,
  values: Array.from({ length: 32 }, (_, i) => (37 * i) % 1000),
};
const BYTES: FrameToEncode = {
  columns: 16,
  rows: 9,
  bits: 8,
  values: Array.from({ length: 144 }, (_, i) => (91 * i) % 251),
};
const FLAT = [60, 200];
const BLOCKS: FrameToEncode = {
  columns: 16,
  rows: 8,
  bits: 8,
  values: Array.from({ length: 128 }, (_, i) => FLAT[i % 16 < 8 ? 0 : 1] as number),
};

const KINDS: Readonly<Record<string, Kind>> = {
  'JPEG baseline': {
    frame: BLOCKS,
    bytes: encodeFlatJpeg(FLAT),
    syntax: '1.2.840.10008.1.2.4.50',
    mediaType: 'image/jpeg',
    wrongSyntax: '1.2.840.10008.1.2.4.70',
  },
  'JPEG lossless SV1': {
    frame: SMALL,
    bytes: encodeLosslessJpeg(SMALL, 1),
    syntax: '1.2.840.10008.1.2.4.70',
    mediaType: 'image/jpeg',
    wrongSyntax: '1.2.840.10008.1.2.4.50',
  },
  'JPEG lossless SV1 of 8 bits': {
    frame: BYTES,
    bytes: encodeLosslessJpeg(BYTES, 1),
    syntax: '1.2.840.10008.1.2.4.70',
    mediaType: 'image/jpeg',
    wrongSyntax: '1.2.840.10008.1.2.4.80',
  },
  'JPEG lossless with another predictor': {
    frame: SMALL,
    bytes: encodeLosslessJpeg(SMALL, 2),
    syntax: '1.2.840.10008.1.2.4.57',
    mediaType: 'image/jpeg',
    wrongSyntax: '1.2.840.10008.1.2.4.51',
  },
  'JPEG-LS': {
    frame: SMALL,
    bytes: decode(codecFrames.jpegLs),
    syntax: '1.2.840.10008.1.2.4.80',
    mediaType: 'image/jls',
    wrongSyntax: '1.2.840.10008.1.2.4.90',
  },
  'JPEG 2000': {
    frame: SMALL,
    bytes: decode(codecFrames.jpeg2000),
    syntax: '1.2.840.10008.1.2.4.90',
    mediaType: 'image/jp2',
    wrongSyntax: '1.2.840.10008.1.2.5',
  },
  HTJ2K: {
    frame: SMALL,
    bytes: decode(codecFrames.htj2k),
    syntax: '1.2.840.10008.1.2.4.201',
    mediaType: 'image/jphc',
    wrongSyntax: '1.2.840.10008.1.2.4.70',
  },
  RLE: {
    frame: SMALL,
    bytes: encodeRle(SMALL),
    syntax: '1.2.840.10008.1.2.5',
    mediaType: 'image/dicom-rle',
    wrongSyntax: '1.2.840.10008.1.2.4.80',
  },
  'native pixels': {
    frame: SMALL,
    bytes: encodeNative(SMALL),
    syntax: '1.2.840.10008.1.2.1',
    mediaType: OCTETS,
    wrongSyntax: '1.2.840.10008.1.2',
  },
};

/** The same code decides on both threads, of what each has got. */
const ON_BOTH_THREADS: ReadonlySet<string> = new Set([
  'by nobody',
  'by a media type',
  'by the whole response',
  'by the stored instance',
  'wrongly by a parameter',
]);

describe('R8: the transfer syntax of a response', () => {
  afterEach(async () => {
    stopCornerstone();
    await resetServer();
  });

  async function load(
    { frame, bytes }: Pick<Kind, 'frame' | 'bytes'>,
    responseType: string,
    partType: string | undefined,
    storedSyntax?: string,
  ) {
    const isMultipart = responseType.startsWith('multipart/');
    const fields = partType === undefined ? [] : [`Content-Type: ${partType}`];
    const imageIds = await serveSeries({
      columns: frame.columns,
      rows: frame.rows,
      bitsAllocated: frame.bits,
      slices: SLICES,
      contentType: responseType,
      body: isMultipart ? multipartBody(bytes, fields) : bytes,
      ...(storedSyntax === undefined ? {} : { storedSyntax }),
    });
    const volume = await createVolume(imageIds, { retries: 0 });
    return { volume, result: await volume.load() };
  }

  for (const frameWorkers of [undefined, 0]) {
    describe(frameWorkers === 0 ? 'on the main thread' : 'in frame workers', () => {
      beforeEach(() => {
        startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
      });

      for (const [name, kind] of Object.entries(KINDS)) {
        const { syntax, mediaType, wrongSyntax, frame } = kind;
        for (const [where, responseType, partType, stored] of [
          ['by nobody', 'multipart/related; boundary=b', OCTETS, undefined],
          ['by nobody, without types', 'multipart/related; boundary=b', undefined, undefined],
          ['by nobody, in a single part', OCTETS, undefined, undefined],
          ['by a media type', 'multipart/related; boundary=b', mediaType, undefined],
          ['by a media type in capitals', 'multipart/related; boundary=b', mediaType.toUpperCase()],
          ['by the media type of a single part', mediaType, undefined, undefined],
          ['as any', `multipart/related; boundary=b`, `${mediaType}; transfer-syntax=*`, undefined],
          ['as any, in quotes', `${mediaType}; transfer-syntax="*"`, undefined, undefined],
          [
            'by a parameter',
            'multipart/related; boundary=b',
            `${OCTETS}; transfer-syntax=${syntax}`,
            '1.2.840.10008.1.2.4.90',
          ],
          [
            'by a parameter in quotes and capitals, with blanks',
            'multipart/related; boundary=b',
            `${OCTETS} ;a=b ; Transfer-Syntax = " ${syntax} " ; c=d`,
          ],
          [
            'by the whole response',
            `multipart/related; type="${OCTETS}"; transfer-syntax=${syntax}; boundary="b"`,
            OCTETS,
          ],
          [
            'by the type of the whole response',
            `multipart/related; type="${mediaType}; transfer-syntax=${syntax}"; boundary="b"`,
            undefined,
          ],
          ['by the stored instance', 'multipart/related; boundary=b', OCTETS, syntax],
          [
            'wrongly by a parameter',
            'multipart/related; boundary=b',
            `${mediaType}; transfer-syntax=${wrongSyntax}`,
            undefined,
          ],
          [
            'wrongly by a native parameter',
            'multipart/related; boundary=b',
            `${mediaType}; transfer-syntax=1.2.840.10008.1.2.1`,
            undefined,
          ],
          ['wrongly by the stored instance', 'multipart/related; boundary=b', OCTETS, wrongSyntax],
        ] as const) {
          if (frameWorkers === 0 && !ON_BOTH_THREADS.has(where)) {
            continue;
          }
          it(`is told of ${name} that is named ${where}`, async () => {
            const { volume, result } = await load(kind, responseType, partType, stored);
            expect(result).toEqual({ framesLoaded: SLICES, failed: [] });
            const expected = Array.from({ length: SLICES }, () => frame.values).flat();
            expect(Array.from(volume.getScalarData())).toEqual(expected);
          });
        }
      }

      it('is said to be named by nobody where nothing fits', async () => {
        const bytes = Uint8Array.from({ length: 40 }, (_, i) => (i * 89 + 3) & 0xff);
        const { volume, result } = await load(
          { frame: SMALL, bytes },
          'multipart/related; boundary=b',
          OCTETS,
        );
        expect(result.framesLoaded).toBe(0);
        expect(result.failed.map(({ error }) => error.code)).toEqual(
          result.failed.map(() => 'frame-decode'),
        );
        expect(result.failed.length).toBe(SLICES);
        expect(result.failed[0]?.error.message).toContain(
          'compressed frame without naming its transfer syntax',
        );
        expect(Array.from(volume.getScalarData()).every((value) => value === 0)).toBeTrue();
      });

      it('does not matter to a native frame that is too short: that stays an error', async () => {
        const { result } = await load(
          { frame: SMALL, bytes: encodeNative(SMALL).subarray(0, 40) },
          'multipart/related; boundary=b',
          `${OCTETS}; transfer-syntax=1.2.840.10008.1.2.1`,
        );
        expect(result.failed.map(({ error }) => error.code)).toEqual(
          new Array(SLICES).fill('frame-size'),
        );
      });

      for (const type of ['application/dicom', 'image/png', 'text/html', 'application/dicom+xml']) {
        it(`is none for ${type}, which is no frame`, async () => {
          const native = encodeNative(SMALL);
          const { result } = await load({ frame: SMALL, bytes: native }, type, undefined);
          expect(result.failed.map(({ error }) => error.code)).toEqual(
            new Array(SLICES).fill('frame-body'),
          );
        });
      }
    });
  }
});
