import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encodeNative, encodeRle } from '../support/encodeFrames.js';
import type { FrameToEncode } from '../support/encodeFrames.js';
import { resetServer } from '../support/serverControls.js';
import { serveSeries } from '../support/servedSeries.js';

const SLICES = 3;
const RLE = 'image/dicom-rle';
const NATIVE = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';

const text = (characters: string): number[] => Array.from(characters, (c) => c.charCodeAt(0));

/** Pixels that have a closing delimiter of their own in them, in 8 x 5 bytes. */
const FRAME: FrameToEncode = {
  columns: 8,
  rows: 5,
  bits: 8,
  values: [...text('ab\r\n--b--\r\n\r\n--b\r\nContent-Length: 1'), 0, 255, 13, 10, 7, 13].slice(
    0,
    40,
  ),
};

interface Form {
  readonly contentType?: string;
  readonly preamble?: string;
  readonly delimiter?: string;
  readonly fields?: (type: string, length: number) => readonly string[];
  readonly eol?: string;
  readonly end?: string;
}

const FORMS: Readonly<Record<string, Form>> = {
  'a sentence before the first boundary': { preamble: 'This is a multipart response.\r\n' },
  'an empty line before the first boundary': { preamble: '\r\n' },
  'lines and other dashes before the first boundary': {
    preamble: 'A: b\r\n\r\n--bc\r\n-- b\r\n--\r\n',
  },
  'blanks behind the boundaries': { delimiter: '--b \t', end: '\r\n--b-- \r\n' },
  'an epilogue': { end: '\r\n--b--\r\nThe end, and --b\r\nmore' },
  'no line end at the end': { end: '\r\n--b--' },
  'lines that end in LF': { eol: '\n' },
  'a boundary in quotes': { contentType: 'multipart/related; boundary="b"; type="image/jls"' },
  'a boundary with special characters': {
    contentType: `multipart/related; boundary="a;b'()+_,-./:=? z"`,
    delimiter: "--a;b'()+_,-./:=? z",
    end: "\r\n--a;b'()+_,-./:=? z--\r\n",
  },
  'a boundary that the header does not name': { contentType: 'multipart/related; type=image/jls' },
  'a boundary that the header names wrongly': { contentType: 'multipart/related; boundary=x' },
  'a length': { fields: (type, length) => [`Content-Type: ${type}`, `Content-Length: ${length}`] },
  'a length that is too small': {
    fields: (type) => [`Content-Type: ${type}`, 'Content-Length: 3'],
  },
  'a length that is too large': {
    fields: (type) => [`Content-Type: ${type}`, 'Content-Length: 999999999999'],
  },
  'fields that go on in the next line': {
    fields: (type, length) => [
      `Content-Type:\r\n ${type.replace('; ', ';\r\n\t')}`,
      `Content-Length:\r\n ${length}`,
    ],
  },
};

describe('R9: multipart responses', () => {
  afterEach(async () => {
    stopCornerstone();
    await resetServer();
  });

  function write(form: Form, type: string, bytes: Uint8Array): Uint8Array {
    const { preamble = '', delimiter = '--b', eol = '\r\n' } = form;
    const { fields = () => [`Content-Type: ${type}`], end = `${eol}--b--${eol}` } = form;
    const lines = [delimiter, ...fields(type, bytes.length), ''];
    const head = preamble + lines.map((line) => line + eol).join('');
    return Uint8Array.from([...text(head), ...bytes, ...text(end)]);
  }

  for (const frameWorkers of [undefined, 0]) {
    for (const [kind, type, bytes] of [
      ['native', NATIVE, encodeNative(FRAME)],
      ['compressed', RLE, encodeRle(FRAME)],
    ] as const) {
      for (const [name, form] of Object.entries(FORMS)) {
        const where = frameWorkers === 0 ? 'on the main thread' : 'in frame workers';
        it(`have every voxel with ${name} (${kind}, ${where})`, async () => {
          startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
          const imageIds = await serveSeries({
            columns: FRAME.columns,
            rows: FRAME.rows,
            bitsAllocated: FRAME.bits,
            slices: SLICES,
            contentType: form.contentType ?? 'multipart/related; boundary=b',
            body: write(form, type, bytes),
          });
          const volume = await createVolume(imageIds, { retries: 0 });
          expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
          const expected = Array.from({ length: SLICES }, () => FRAME.values).flat();
          expect(Array.from(volume.getScalarData())).toEqual(expected);
        });
      }
    }

    it(`in colour are cut the same way (frameWorkers: ${frameWorkers ?? 'default'})`, async () => {
      startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
      // 3 x 3 pixels of three samples, and a byte that makes their number even.
      const rgb = Uint8Array.from({ length: 28 }, (_, i) => (i === 27 ? 0 : (i * 29) % 256));
      const imageIds = await serveSeries({
        columns: 3,
        rows: 3,
        bitsAllocated: 8,
        samplesPerPixel: 3,
        slices: SLICES,
        contentType: 'multipart/related; boundary=b',
        body: write({ preamble: 'A sentence.\r\n' }, 'application/octet-stream', rgb),
      });
      const volume = await createVolume(imageIds, { retries: 0 });
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      const expected = Array.from({ length: SLICES }, () => [...rgb.subarray(0, 27)]).flat();
      expect(Array.from(volume.getScalarData())).toEqual(expected);
    });

    it(`that are cut off are refused (frameWorkers: ${frameWorkers ?? 'default'})`, async () => {
      startCornerstone(frameWorkers === undefined ? {} : { frameWorkers });
      const imageIds = await serveSeries({
        columns: FRAME.columns,
        rows: FRAME.rows,
        bitsAllocated: FRAME.bits,
        slices: SLICES,
        contentType: 'multipart/related; boundary=b',
        body: write({ end: '' }, NATIVE, encodeNative(FRAME).subarray(0, 2)),
      });
      const volume = await createVolume(imageIds, { retries: 0 });
      const { failed } = await volume.load();
      expect(failed.map(({ error }) => error.code)).toEqual(new Array(SLICES).fill('frame-body'));
    });
  }
});
