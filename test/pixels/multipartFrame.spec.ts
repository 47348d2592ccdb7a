import { isStreamingVolumeError } from '../../src/index.js';
import { readFrameBody } from '../../src/pixels/multipartFrame.js';

const IMAGE_ID = 'wadors:https://pacs.test/instances/1/frames/1';
const CONTENT_TYPE = 'multipart/related; type="application/octet-stream"; boundary=abc';
const PIXELS = Uint8Array.of(1, 2, 3, 0, 255, 13, 10, 7);
const DELIMITER_IN_PIXELS = bytesOf('\x01\r\n--abc\r\n\x02\r\n--abc--\r\n\x03');
/** A length that no frame of these specs has. */
const NOT_NATIVE = 999;

function bytesOf(...parts: (string | Uint8Array)[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? Array.from(part, (c) => c.charCodeAt(0)) : [...part],
    ),
  );
}

interface BodyOptions {
  readonly pixels?: Uint8Array;
  readonly before?: string;
  readonly fields?: readonly string[];
  readonly after?: string;
}

function multipart({
  pixels = PIXELS,
  before = '--abc\r\n',
  fields = ['Content-Type: image/jls', `Content-Length: ${pixels.length}`],
  after = '\r\n--abc--\r\n',
}: BodyOptions = {}): Uint8Array {
  return bytesOf(before, fields.map((field) => `${field}\r\n`).join(''), '\r\n', pixels, after);
}

function read(response: Uint8Array, nativeLength = NOT_NATIVE, contentType = CONTENT_TYPE) {
  return readFrameBody(response, contentType, nativeLength, IMAGE_ID);
}

function expectRefused(response: Uint8Array, contentType = CONTENT_TYPE): void {
  let caught: unknown;
  try {
    read(response, NOT_NATIVE, contentType);
  } catch (error) {
    caught = error;
  }
  if (!isStreamingVolumeError(caught, 'frame-body')) {
    fail(`Expected an error with code frame-body, got ${String(caught)}`);
    return;
  }
  expect(caught.imageIds).toEqual([IMAGE_ID]);
  expect(caught.message).toContain(IMAGE_ID);
}

const NO_LENGTH = ['Content-Type: image/jls'];

describe('readFrameBody', () => {
  it('takes the part by its Content-Length, without a copy', () => {
    const response = multipart();
    const { bytes, contentType } = read(response);
    expect([...bytes]).toEqual([...PIXELS]);
    expect(bytes.buffer).toBe(response.buffer);
    expect(contentType).toBe('image/jls');
  });

  for (const [name, options, nativeLength] of [
    ['a native part without Content-Length', { fields: NO_LENGTH }, PIXELS.length],
    ['a compressed part without Content-Length', { fields: NO_LENGTH }, NOT_NATIVE],
    ['a part after a line break', { before: '\r\n--abc\r\n' }, NOT_NATIVE],
    ['a delimiter with blanks behind it', { before: '--abc \t\r\n' }, NOT_NATIVE],
    [
      'a delimiter with blanks behind it and no Content-Length',
      { before: '--abc \r\n', fields: NO_LENGTH },
      NOT_NATIVE,
    ],
    ['a part with an epilogue', { after: '\r\n--abc--\r\nThe end.\r\n' }, NOT_NATIVE],
    [
      'a part with an epilogue and no Content-Length',
      { fields: NO_LENGTH, after: '\r\n--abc--\r\nThe end.\r\n' },
      NOT_NATIVE,
    ],
    ['a closing delimiter without a line break', { after: '\r\n--abc--' }, NOT_NATIVE],
    ['a part without fields', { fields: [] }, NOT_NATIVE],
    ['a Content-Length that is too small', { fields: ['Content-Length: 3'] }, NOT_NATIVE],
    ['a Content-Length that is too large', { fields: ['Content-Length: 4000'] }, NOT_NATIVE],
    ['a negative Content-Length', { fields: ['Content-Length: -8'] }, NOT_NATIVE],
    ['a Content-Length that is no number', { fields: ['Content-Length: all'] }, NOT_NATIVE],
    ['a wrong Content-Length of a native part', { fields: ['Content-Length: 3'] }, PIXELS.length],
    [
      'field names in any case',
      { fields: ['CONTENT-LENGTH:8', 'content-type:image/jls'] },
      NOT_NATIVE,
    ],
  ] as const) {
    it(`takes ${name}`, () => {
      expect([...read(multipart(options), nativeLength).bytes]).toEqual([...PIXELS]);
    });
  }

  it('is not misled by the delimiter in the pixels where the length is declared', () => {
    const response = multipart({ pixels: DELIMITER_IN_PIXELS });
    expect([...read(response).bytes]).toEqual([...DELIMITER_IN_PIXELS]);
  });

  it('is not misled by the delimiter in native pixels', () => {
    const response = multipart({ pixels: DELIMITER_IN_PIXELS, fields: NO_LENGTH });
    expect([...read(response, DELIMITER_IN_PIXELS.length).bytes]).toEqual([...DELIMITER_IN_PIXELS]);
  });

  it('is not misled by the delimiter in compressed pixels without a length', () => {
    const response = multipart({ pixels: DELIMITER_IN_PIXELS, fields: NO_LENGTH });
    expect([...read(response).bytes]).toEqual([...DELIMITER_IN_PIXELS]);
  });

  it('keeps a line break at the end of the pixels', () => {
    const pixels = bytesOf('\x05\r\n');
    expect([...read(multipart({ pixels, fields: NO_LENGTH })).bytes]).toEqual([...pixels]);
  });

  it('takes the first of two parts', () => {
    const next = '\r\n--abc\r\nContent-Length: 1\r\n\r\nx\r\n--abc--\r\n';
    expect([...read(multipart({ after: next })).bytes]).toEqual([...PIXELS]);
  });

  it('takes the first of two native parts without Content-Length', () => {
    const after = '\r\n--abc\r\nContent-Type: image/jls\r\n\r\nx\r\n--abc--\r\n';
    const { bytes } = read(multipart({ fields: NO_LENGTH, after }), PIXELS.length);
    expect([...bytes]).toEqual([...PIXELS]);
  });

  it('takes header fields of 10 KB', () => {
    const fields = [`X-Trace: ${'x'.repeat(10_000)}`, `Content-Length: ${PIXELS.length}`];
    expect([...read(multipart({ fields })).bytes]).toEqual([...PIXELS]);
  });

  it('gives a response of a single part as it is', () => {
    for (const type of ['application/octet-stream; transfer-syntax=1.2', 'image/jls', '']) {
      const { bytes, contentType } = read(PIXELS, NOT_NATIVE, type);
      expect(bytes).toBe(PIXELS);
      expect(contentType).toBe(type);
    }
  });

  it('knows a multipart response by its type in any case', () => {
    const { bytes } = read(multipart(), NOT_NATIVE, ' Multipart/Related; boundary=abc');
    expect([...bytes]).toEqual([...PIXELS]);
  });

  for (const type of [
    'text/html; charset=utf-8',
    'text/plain',
    'application/json',
    'application/dicom+json',
    'Application/JSON',
  ]) {
    it(`refuses ${type}`, () => {
      expectRefused(bytesOf('<p>Please sign in</p>'), type);
    });
  }

  for (const [name, response] of [
    ['nothing', new Uint8Array(0)],
    ['a line break', bytesOf('\r\n')],
    ['a page that calls itself multipart', bytesOf('<html>\r\n\r\n</html>\r\n')],
    ['two dashes', bytesOf('--\r\n\r\n\x01\r\n----\r\n')],
    ['a delimiter alone', bytesOf('--abc')],
    ['a delimiter line alone', bytesOf('--abc\r\n')],
    ['no parts', bytesOf('--abc--\r\n')],
    ['headers that do not end', bytesOf('--abc\r\nContent-Type: image/jls\r\n')],
    ['lines that end in LF', bytesOf('--abc\nContent-Type: image/jls\n\n\x01\x02\n--abc--\n')],
    [
      'lines that end in LF, and CR LF in the pixels',
      bytesOf('--abc\nContent-Type: image/jls\n\n\x01\r\n\r\n\x02\n--abc--\n'),
    ],
    ['a part that is cut off', multipart({ after: '' })],
    ['a part that is cut off in its delimiter', multipart({ after: '\r\n--ab' })],
    ['a part without length that is cut off', multipart({ fields: NO_LENGTH, after: '' })],
    ['half of a part', multipart({ pixels: new Uint8Array(5000) }).subarray(0, 2500)],
    ['a part that ends in another delimiter', multipart({ after: '\r\n--abd--\r\n' })],
    ['header fields of 40 KB', multipart({ fields: [`X-Trace: ${'x'.repeat(40_000)}`] })],
    [
      'many header fields of 40 KB in all',
      multipart({ fields: Array.from({ length: 400 }, () => `X-Trace: ${'x'.repeat(90)}`) }),
    ],
  ] as const) {
    it(`refuses ${name}`, () => {
      expectRefused(response);
    });
  }

  for (const [name, fields, nativeLength] of [
    ['with Content-Length', [`Content-Length: ${4 << 20}`], NOT_NATIVE],
    ['of native length', NO_LENGTH, 4 << 20],
    ['of unknown length', NO_LENGTH, NOT_NATIVE],
  ] as const) {
    it(`does not walk through the pixels of a part ${name}`, () => {
      const pixels = new Uint8Array(4 << 20).fill(13);
      const head = bytesOf('--abc\r\n', fields[0], '\r\n\r\n');
      const tail = bytesOf('\r\n--abc--\r\n');
      const response = new Uint8Array(head.length + pixels.length + tail.length);
      response.set(head);
      response.set(pixels, head.length);
      response.set(tail, head.length + pixels.length);
      const { counting, reads } = countReads(response);
      expect(read(counting, nativeLength).bytes.length).toBe(4 << 20);
      expect(reads.count).toBeGreaterThan(0);
      expect(reads.count).toBeLessThan(1000);
    });
  }

  it('does not walk through the pixels of a part that is cut off', () => {
    const response = new Uint8Array(4 << 20).fill(13);
    response.set(bytesOf('--abc\r\nContent-Type: image/jls\r\n\r\n'));
    const { counting, reads } = countReads(response);
    expect(() => read(counting)).toThrowError(/cut off/);
    expect(reads.count).toBeLessThan(100_000);
  });
});

/** Counts the bytes that are read one by one; what `subarray` gives is not counted. */
function countReads(bytes: Uint8Array): { counting: Uint8Array; reads: { count: number } } {
  const reads = { count: 0 };
  const counting = new Proxy(bytes, {
    get(target, key) {
      if (typeof key === 'string' && /^\d+$/.test(key)) {
        reads.count += 1;
      }
      const value: unknown = Reflect.get(target, key, target);
      // Every method that walks through the array would do so unseen.
      if (typeof value === 'function' && key !== 'subarray') {
        throw new Error(`The response is read with ${String(key)}`);
      }
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { counting, reads };
}
