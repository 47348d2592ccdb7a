import type { Types } from '@cornerstonejs/core';
import { isStreamingVolumeError, withSkipCreateImage } from '../../../src/index.js';
import type { DecodedFrame, FrameOptions, ImageLoader } from '../../../src/index.js';
import { isDecodedFrame } from '../../../src/pixels/DecodedFrame.js';
import type { PixelArray, VolumeDataType } from '../../../src/base/types.js';
import { karmaFixtures } from '../../support/karmaFixtures.js';

const IMAGE_ID = 'custom:1';
const STORED = Uint16Array.of(0, 1, 2, 3, 4, 1000);
const UNTOUCHED = 77;
const RESCALE = {
  enabled: true,
  scalingParameters: { rescaleSlope: 2, rescaleIntercept: -1024 },
};

function imageOf(pixels: PixelArray, fields: Record<string, unknown> = {}): Types.IImage {
  const image = {
    imageId: IMAGE_ID,
    rows: 2,
    columns: 3,
    color: false,
    getPixelData: () => pixels,
  };
  return { ...image, ...fields } as unknown as Types.IImage;
}

function loaderOf(image: Types.IImage): jasmine.Spy<ImageLoader> {
  return jasmine.createSpy<ImageLoader>('loader').and.returnValue({
    promise: Promise.resolve(image),
  });
}

/** A slot in the middle of a buffer in which all values are {@link UNTOUCHED}. */
function slot(type: VolumeDataType, arrayBuffer: ArrayBufferLike, length = STORED.length) {
  const arrays = { Uint8Array, Uint16Array, Int16Array, Float32Array };
  const all = new arrays[type](arrayBuffer as ArrayBuffer).fill(UNTOUCHED);
  const offset = 2 * all.BYTES_PER_ELEMENT;
  const targetBuffer = { type, arrayBuffer, offset, length, rows: 2, columns: 3 };
  return { all, targetBuffer };
}

async function loadFrame(loader: ImageLoader, options: FrameOptions): Promise<DecodedFrame> {
  const wrapped = withSkipCreateImage(loader);
  const result: unknown = await wrapped(IMAGE_ID, { skipCreateImage: true, ...options }).promise;
  if (!isDecodedFrame(result)) {
    throw new Error('Expected a decoded frame');
  }
  return result;
}

const buffers: [string, (size: number) => ArrayBufferLike][] = [
  ['a plain buffer', (size) => new ArrayBuffer(size)],
];
if (karmaFixtures.isolated) {
  buffers.push(['a shared buffer', (size) => new SharedArrayBuffer(size)]);
}

describe('withSkipCreateImage, without the option', () => {
  for (const options of [
    undefined,
    {},
    { skipCreateImage: false, preScale: { enabled: true } },
    { targetBuffer: { type: 'Uint16Array' }, priority: 3 },
  ]) {
    it(`calls the loader as it is: ${JSON.stringify(options)}`, () => {
      const loader = loaderOf(imageOf(STORED));
      const loadObject = withSkipCreateImage(loader)(IMAGE_ID, options);
      expect(loader).toHaveBeenCalledOnceWith(IMAGE_ID, options);
      expect(loader.calls.mostRecent().args[1]).toBe(options);
      expect(loadObject).toBe(loader.calls.mostRecent().returnValue);
    });
  }
});

describe('withSkipCreateImage', () => {
  it('asks the loader for stored values, and passes on what it does not know itself', async () => {
    const loader = loaderOf(imageOf(STORED));
    const { signal } = new AbortController();
    const options = { priority: 3, requestType: 'prefetch', preScale: RESCALE };
    Object.defineProperty(options, 'signal', { value: signal, enumerable: false });
    await loadFrame(loader, options);
    expect(loader).toHaveBeenCalledOnceWith(IMAGE_ID, {
      priority: 3,
      requestType: 'prefetch',
      preScale: { enabled: false },
    });
  });

  it('keeps what else the loader gives', () => {
    const cancelFn = (): void => undefined;
    const decache = (): void => undefined;
    const loader: ImageLoader = () => ({
      promise: Promise.resolve(imageOf(STORED)),
      cancelFn,
      decache,
    });
    const loadObject = withSkipCreateImage(loader)(IMAGE_ID, { skipCreateImage: true });
    expect(loadObject.cancelFn).toBe(cancelFn);
    expect(loadObject.decache).toBe(decache);
  });

  for (const [bufferName, newBuffer] of buffers) {
    it(`writes rescaled values into ${bufferName}`, async () => {
      const { all, targetBuffer } = slot('Int16Array', newBuffer(20));
      const frame = await loadFrame(loaderOf(imageOf(STORED)), { targetBuffer, preScale: RESCALE });
      const rescaled = [-1024, -1022, -1020, -1018, -1016, 976];
      expect([...all]).toEqual([77, 77, ...rescaled, 77, 77]);
      expect(frame.imageId).toBe(IMAGE_ID);
      expect(frame.inPlace).toBeTrue();
      expect(frame.scaled).toBeTrue();
      expect(frame.range).toEqual({ min: -1024, max: 976 });
      expect(frame.pixelData.buffer).toBe(targetBuffer.arrayBuffer as ArrayBuffer);
      expect([...frame.pixelData]).toEqual(rescaled);
    });

    it(`takes fractions into ${bufferName} of floats`, async () => {
      const { all, targetBuffer } = slot('Float32Array', newBuffer(40));
      const preScale = {
        enabled: true,
        scalingParameters: { rescaleSlope: 0.1, rescaleIntercept: 0 },
      };
      const frame = await loadFrame(loaderOf(imageOf(STORED)), { targetBuffer, preScale });
      expect(all[3]).toBe(Math.fround(0.1));
      expect(all[7]).toBe(100);
      expect(frame.range).toEqual({ min: 0, max: 100 });
    });

    it(`leaves ${bufferName} alone when a value does not fit`, async () => {
      const { all, targetBuffer } = slot('Uint8Array', newBuffer(10));
      const preScale = {
        enabled: true,
        scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0 },
      };
      const loading = loadFrame(loaderOf(imageOf(STORED)), { targetBuffer, preScale });
      const error: unknown = await loading.catch((reason: unknown) => reason);
      expect(isStreamingVolumeError(error, 'value-out-of-range')).toBeTrue();
      expect((error as { imageIds: string[] }).imageIds).toEqual([IMAGE_ID]);
      expect([...all]).toEqual(Array.from(all, () => UNTOUCHED));
    });

    it(`gives what does not fit ${bufferName} back as it is, where that is accepted`, async () => {
      const { all, targetBuffer } = slot('Uint8Array', newBuffer(10));
      const frame = await loadFrame(loaderOf(imageOf(STORED)), {
        targetBuffer: { ...targetBuffer, acceptsWider: true },
        preScale: RESCALE,
      });
      expect([frame.inPlace, frame.scaled, frame.range]).toEqual([false, false, undefined]);
      expect([...frame.pixelData]).toEqual([...STORED]);
      expect([...all]).toEqual(Array.from(all, () => UNTOUCHED));
    });

    it(`leaves ${bufferName} alone when the number of values differs`, async () => {
      for (const length of [5, 7]) {
        const { all, targetBuffer } = slot('Int16Array', newBuffer(20), length);
        const loading = loadFrame(loaderOf(imageOf(STORED)), { targetBuffer, preScale: RESCALE });
        const error: unknown = await loading.catch((reason: unknown) => reason);
        expect(isStreamingVolumeError(error, 'frame-size')).toBeTrue();
        expect((error as { imageIds: string[] }).imageIds).toEqual([IMAGE_ID]);
        expect([...all]).toEqual(Array.from(all, () => UNTOUCHED));
      }
    });
  }

  const [, newPlainBuffer] = buffers[0] as (typeof buffers)[0];
  const plain = () => slot('Int16Array', newPlainBuffer(20));
  const scalingParameters = RESCALE.scalingParameters;
  for (const [name, options] of [
    ['no targetBuffer and no preScale', {}],
    ['no targetBuffer', { preScale: RESCALE }],
    [
      'a targetBuffer without memory',
      {
        targetBuffer: { ...plain().targetBuffer, arrayBuffer: undefined },
        preScale: RESCALE,
      },
    ],
    ['no preScale', { targetBuffer: plain().targetBuffer }],
    [
      'preScale that is not enabled',
      {
        targetBuffer: plain().targetBuffer,
        preScale: { enabled: false, scalingParameters },
      },
    ],
    [
      'preScale without parameters',
      {
        targetBuffer: plain().targetBuffer,
        preScale: { enabled: true },
      },
    ],
  ] as [string, FrameOptions][]) {
    it(`gives stored values with ${name}`, async () => {
      const frame = await loadFrame(loaderOf(imageOf(STORED)), options);
      expect(frame.pixelData).toBe(STORED);
      expect(frame.inPlace).toBeFalse();
      expect(frame.scaled).toBeFalse();
      expect(frame.range).toBeUndefined();
      if (options.targetBuffer?.arrayBuffer) {
        const left = new Int16Array(options.targetBuffer.arrayBuffer as ArrayBuffer);
        expect([...left]).toEqual(Array.from(left, () => UNTOUCHED));
      }
    });
  }

  it('does not rescale again what the loader has scaled all the same', async () => {
    const scaled = imageOf(Int16Array.of(-5, -4, -3, -2, -1, 0), {
      preScale: { enabled: true, scaled: true },
    });
    const { all, targetBuffer } = plain();
    const inPlace = await loadFrame(loaderOf(scaled), { targetBuffer, preScale: RESCALE });
    expect([...all.subarray(2, 8)]).toEqual([-5, -4, -3, -2, -1, 0]);
    expect(inPlace.scaled).toBeTrue();
    expect((await loadFrame(loaderOf(scaled), {})).scaled).toBeTrue();
  });

  it('gives colour with three components', async () => {
    const rgba = Uint8ClampedArray.from({ length: 24 }, (_, i) => (i % 4 === 3 ? 255 : i));
    const image = imageOf(rgba, { color: true });
    const rgb = [0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22];
    expect([...(await loadFrame(loaderOf(image), {})).pixelData]).toEqual(rgb);
    const { all, targetBuffer } = slot('Uint8Array', new ArrayBuffer(22), 18);
    const preScale = {
      enabled: true,
      scalingParameters: { rescaleSlope: 1, rescaleIntercept: 0 },
    };
    await loadFrame(loaderOf(image), { targetBuffer, preScale });
    expect([...all]).toEqual([77, 77, ...rgb, 77, 77]);
  });

  it('rejects as the loader rejects', async () => {
    const reason = { error: 'no such image' };
    const loader: ImageLoader = () => ({ promise: Promise.reject(reason) });
    await expectAsync(loadFrame(loader, {})).toBeRejectedWith(reason);
  });

  it('throws what the loader throws', () => {
    const error = new Error('no such scheme');
    const wrapped = withSkipCreateImage(() => {
      throw error;
    });
    expect(() => wrapped(IMAGE_ID, { skipCreateImage: true })).toThrow(error);
  });
});
