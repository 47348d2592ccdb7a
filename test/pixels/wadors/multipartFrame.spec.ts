import { isStreamingVolumeError } from '../../../src/index.js';
import { readFrameBody } from '../../../src/pixels/wadors/multipartFrame.js';

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

  for (const [name, before] of [
    ['a sentence', 'This is a multipart response.\r\n--abc\r\n'],
    ['several lines', 'One.\r\n\r\nTwo: 2\r\n--abcd\r\n--\r\n -- abc\r\n--abc\r\n'],
    ['a closing delimiter', '--abc--\r\n--abc\r\n'],
    ['60 KB', `${'x'.repeat(60_000)}\r\n--abc\r\n`],
  ] as const) {
    for (const fields of [NO_LENGTH, [`Content-Length: ${PIXELS.length}`]]) {
      it(`skips ${name} before the first delimiter (${fields[0]})`, () => {
        expect([...read(multipart({ before, fields })).bytes]).toEqual([...PIXELS]);
      });
    }
  }

  for (const [name, parameter, delimiter] of [
    ['in quotes', 'boundary="abc"', '--abc'],
    ['with special characters in quotes', `boundary="a'()+_,-./:=? z"`, `--a'()+_,-./:=? z`],
    ['with a semicolon in quotes', 'boundary="a;boundary=x"; x=y', '--a;boundary=x'],
    ['with escapes', 'boundary="a\\"b\\\\c"', '--a"b\\c'],
    ['without quotes that should have some', 'boundary=a:b/c=d', '--a:b/c=d'],
    ['with dashes of its own', 'boundary=----abc--', '------abc--'],
    ['named in capitals', 'BOUNDARY = abc', '--abc'],
    ['with blanks behind it', 'boundary="abc  "', '--abc'],
    ['that begins with the dashes of the delimiter', 'boundary=--abc', '--abc'],
    ['that the body does not have', 'boundary=other', '--abc'],
    ['that is empty', 'boundary=""', '--abc'],
    ['that is missing', 'type="image/jls"', '--abc'],
  ] as const) {
    it(`takes a boundary ${name}`, () => {
      const part = { before: `${delimiter}\r\n`, after: `\r\n${delimiter}--\r\n` };
      const contentType = `multipart/related; ${parameter}`;
      for (const fields of [NO_LENGTH, [`Content-Length: ${PIXELS.length}`]]) {
        const { bytes } = read(multipart({ ...part, fields }), NOT_NATIVE, contentType);
        expect([...bytes]).toEqual([...PIXELS]);
      }
    });
  }

  for (const fields of [['Content-Length: 2'], NO_LENGTH]) {
    it(`takes no delimiter that only begins like its own for the end (${fields[0]})`, () => {
      const inside = '\x01\x02\r\n--abcdef\r\n--abc-\r\n--abc x';
      const { bytes } = read(multipart({ pixels: bytesOf(inside), fields }));
      expect([...bytes]).toEqual([...bytesOf(inside)]);
    });
  }

  for (const [name, lines, pixels] of [
    ['all lines', ['\n', '\n', '\n'], PIXELS],
    ['all lines, with CR LF in the pixels', ['\n', '\n', '\n'], bytesOf('\x01\r\n\r\n\x02')],
    ['all lines, with CR at the end of the pixels', ['\n', '\n', '\n'], bytesOf('\x01\r')],
    ['all lines, with LF at the end of the pixels', ['\n', '\n', '\n'], bytesOf('\x01\n')],
    ['the headers', ['\r\n', '\n', '\r\n'], PIXELS],
    ['the delimiters', ['\n', '\r\n', '\n'], PIXELS],
    ['the last line', ['\r\n', '\r\n', '\n'], PIXELS],
    ['the headers, with LF at the end of the pixels', ['\r\n', '\n', '\r\n'], bytesOf('\x05\n')],
  ] as const) {
    it(`takes LF as the end of ${name}`, () => {
      const [first, inner, last] = lines;
      for (const field of ['Content-Type: image/jls', `Content-Length: ${pixels.length}`]) {
        const head = `--abc${first}${field}${inner}${inner}`;
        const response = bytesOf(head, pixels, `${last}--abc--${last}`);
        expect([...read(response).bytes]).toEqual([...pixels]);
        expect([...read(response, pixels.length).bytes]).toEqual([...pixels]);
      }
    });
  }

  it('keeps a CR at the end of the pixels where a length is known', () => {
    const pixels = bytesOf('\x01\r');
    const response = multipart({ pixels, fields: NO_LENGTH, after: '\n--abc--\r\n' });
    expect([...read(response, pixels.length).bytes]).toEqual([...pixels]);
  });

  it('reads header fields that go on in the next line', () => {
    const fields = [
      'Content-Type: application/octet-stream;',
      '\ttransfer-syntax=1.2.840.10008.1.2.4.80',
      'Content-Length:',
      `  ${DELIMITER_IN_PIXELS.length}`,
    ];
    const { bytes, contentType } = read(multipart({ pixels: DELIMITER_IN_PIXELS, fields }));
    expect([...bytes]).toEqual([...DELIMITER_IN_PIXELS]);
    expect(contentType).toBe('application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.80');
  });

  for (const [name, outer, own, expected] of [
    [
      'nothing where the part says all',
      'type="image/jpeg"; transfer-syntax=1.2.3',
      'image/jls; transfer-syntax=1.2.4',
      'image/jls; transfer-syntax=1.2.4',
    ],
    [
      'the transfer syntax',
      'type="image/jls"; transfer-syntax=1.2.3',
      'image/jls',
      'image/jls; transfer-syntax=1.2.3',
    ],
    ['the media type', 'type="image/jls"', 'application/octet-stream', 'image/jls'],
    ['both', 'type=image/jls; transfer-syntax="1.2.3"', '', 'image/jls; transfer-syntax=1.2.3'],
    [
      'both from within the type',
      'type="image/jls; transfer-syntax=1.2.3"',
      '',
      'image/jls; transfer-syntax=1.2.3',
    ],
    [
      'no echo of what was asked for',
      'type="application/octet-stream"; transfer-syntax=*',
      'application/octet-stream',
      'application/octet-stream',
    ],
    [
      'the media type to the syntax of the part',
      'type="image/jls"; transfer-syntax=1.2.3',
      'application/octet-stream; transfer-syntax=1.2.4',
      'image/jls; transfer-syntax=1.2.4',
    ],
  ] as const) {
    it(`takes ${name} from the type of the whole response`, () => {
      const response = multipart({ fields: own === '' ? [] : [`Content-Type: ${own}`] });
      const { contentType } = read(
        response,
        NOT_NATIVE,
        `multipart/related; boundary=abc; ${outer}`,
      );
      expect(contentType).toBe(expected);
    });
  }

  it('takes the first part that can be a frame', () => {
    const before =
      '--abc\r\nContent-Type: application/dicom+json\r\n\r\n[{"a":"--abc"}]\r\n' +
      '--abc\r\nContent-Type: text/plain\r\n\r\nA text\r\n--abc\r\n';
    const { bytes, contentType } = read(multipart({ before }));
    expect([...bytes]).toEqual([...PIXELS]);
    expect(contentType).toBe('image/jls');
  });

  it('finds the end before an epilogue of any length', () => {
    const after = `\r\n--abc-- \r\n${'The end.\r\n'.repeat(5000)}`;
    expect([...read(multipart({ fields: NO_LENGTH, after })).bytes]).toEqual([...PIXELS]);
  });

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
    [
      'a part that is encoded as text',
      multipart({ fields: ['Content-Transfer-Encoding: base64'] }),
    ],
    ['a part of text alone', multipart({ fields: ['Content-Type: application/dicom+json'] })],
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
