import type { FrameRequest } from '../../../src/pixels/worker/frameMessages.js';
import { finishFrame } from '../../../src/pixels/worker/finishFrame.js';
import { karmaFixtures } from '../../support/karmaFixtures.js';

const EXPLICIT = 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1';

/** Two pixels of 16 bits. */
const REQUEST: FrameRequest = {
  source: { body: new ArrayBuffer(0), contentType: '' },
  wants: 'frame',
  imageId: 'wadors:frames/1',
  nativeLength: 4,
  storedSyntax: undefined,
  layout: {
    valueCount: 2,
    bitsAllocated: 16,
    bitsStored: 12,
    highBit: 11,
    isSigned: false,
    isFloat: false,
  },
  isOnScreen: false,
  output: { type: 'Int16Array', length: 2, rescale: { slope: 2, intercept: -1000 } },
};

/** Pixels may be written into the memory of the output. */
const IN_PLACE = { inPlace: true };

const response = (...bytes: number[]) => new Uint8Array(bytes);

describe('finishFrame', () => {
  it('rescales native pixels and measures them', () => {
    expect(finishFrame(response(10, 0, 0, 1), EXPLICIT, REQUEST, IN_PLACE)).toEqual({
      type: 'pixels',
      values: new Int16Array([-980, -488]),
      range: { min: -980, max: -488 },
    });
  });

  it('takes no notice of bits that are not stored, nor of bytes behind the last pixel', () => {
    expect(finishFrame(response(10, 0xa0, 0, 0x51, 9, 9), EXPLICIT, REQUEST, IN_PLACE)).toEqual({
      type: 'pixels',
      values: new Int16Array([-980, -488]),
      range: { min: -980, max: -488 },
    });
  });

  it('writes a part of the frame, which alone is measured and has to fit', () => {
    const pick = {
      columns: 2,
      rows: 1,
      components: 1,
      firstColumn: 1,
      firstRow: 0,
      columnStep: 2,
      rowStep: 1,
      keptColumns: 1,
      keptRows: 1,
    };
    const output = { type: 'Uint8Array', length: 1, rescale: { slope: 1, intercept: 0 } } as const;
    const request = { ...REQUEST, output: { ...output, pick } };
    const expected = { type: 'pixels', values: new Uint8Array([9]), range: { min: 9, max: 9 } };
    // The pixel that is left out is 3840.
    expect(finishFrame(response(0, 0xf, 9, 0), EXPLICIT, request, IN_PLACE)).toEqual(
      expected as never,
    );
    const wider = { ...request, output: { ...request.output, acceptsWider: true } };
    expect(finishFrame(response(9, 0, 0, 0xf), EXPLICIT, wider, IN_PLACE)).toEqual(
      jasmine.objectContaining({ values: new Float32Array([3840]) }),
    );
  });

  it('cuts them out of a multipart body', () => {
    const head = `--b\r\nContent-Type: ${EXPLICIT}\r\n\r\n`;
    const text = new TextEncoder().encode(`${head}....\r\n--b--`);
    text.set([10, 0, 0, 1], head.length);
    expect(finishFrame(text, 'multipart/related; boundary=b', REQUEST, IN_PLACE)).toEqual(
      jasmine.objectContaining({ values: new Int16Array([-980, -488]) }),
    );
  });

  // Other pages have no shared memory.
  if (karmaFixtures.isolated) {
    it('writes them into the memory of the volume, and only there', () => {
      const buffer = new SharedArrayBuffer(12);
      const memory = { buffer, byteOffset: 4 };
      const output = { ...(REQUEST.output as NonNullable<FrameRequest['output']>), memory };
      const finish = (bytes: Uint8Array<ArrayBuffer>, inPlace: boolean, bitsStored = 12) => {
        const layout = { ...REQUEST.layout, bitsStored, highBit: bitsStored - 1 };
        return finishFrame(bytes, EXPLICIT, { ...REQUEST, output, layout }, { inPlace });
      };

      expect(finish(response(10, 0, 0, 1), false)).toEqual(
        jasmine.objectContaining({ values: new Int16Array([-980, -488]) }),
      );
      expect(finish(response(10, 0, 0, 250), true, 16)).toEqual({
        type: 'failed',
        fault: jasmine.objectContaining({ kind: 'frame', code: 'value-out-of-range' }),
      });
      expect([...new Int16Array(buffer)]).toEqual([0, 0, 0, 0, 0, 0]);
      expect(finish(response(10, 0, 0, 1), true)).toEqual({
        type: 'pixels',
        values: undefined,
        range: { min: -980, max: -488 },
      });
      expect([...new Int16Array(buffer)]).toEqual([0, 0, -980, -488, 0, 0]);
    });
  }

  for (const [what, bytes, contentType, request] of [
    ['a compressed frame', [1, 2, 3, 4], 'image/jls', {}],
    [
      'a frame of the highest byte first',
      [0, 10, 1, 0],
      'x/y; transfer-syntax=1.2.840.10008.1.2.2',
    ],
    ['a native frame of another length', [10, 0, 0], EXPLICIT],
    ['a frame that is wanted as it is stored', [10, 0, 0, 1], EXPLICIT, { output: undefined }],
    [
      'pixels that are not read',
      [10, 0, 0, 1],
      EXPLICIT,
      { layout: { ...REQUEST.layout, highBit: 10 } },
    ],
  ] as [string, number[], string, Partial<FrameRequest>?][]) {
    it(`gives the bytes of ${what}`, async () => {
      const outcome = await finishFrame(
        response(...bytes),
        contentType,
        { ...REQUEST, ...request },
        IN_PLACE,
      );
      expect(outcome).toEqual({ type: 'bytes', bytes: response(...bytes), contentType });
    });
  }

  it('says why there is no frame', () => {
    expect(finishFrame(response(), EXPLICIT, REQUEST, IN_PLACE)).toEqual({
      type: 'failed',
      fault: {
        kind: 'frame',
        code: 'frame-body',
        message: jasmine.stringContaining(REQUEST.imageId) as unknown as string,
      },
    });
  });
});
