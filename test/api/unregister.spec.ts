import { eventTarget, imageLoader, metaData, volumeLoader } from '@cornerstonejs/core';
import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import {
  checkVolumeEligibility,
  isStreamingImageVolumeLoaderRegistered,
  prefetchMetadata,
  registerStreamingImageVolumeLoader,
  unregisterStreamingImageVolumeLoader,
  VOLUME_SCHEME,
} from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encodePart10 } from '../support/encodePart10.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';

type VolumeLoader = Parameters<typeof volumeLoader.registerVolumeLoader>[1];

/** Under which all copies of the package find what is registered. */
const STATE = Symbol.for('streaming-image-volume-loader/registration');

describe('unregisterStreamingImageVolumeLoader', () => {
  let addBefore: typeof wadors.metaDataManager.add;

  beforeEach(() => {
    startCornerstone();
    unregisterStreamingImageVolumeLoader();
    addBefore = wadors.metaDataManager.add;
  });

  afterEach(() => {
    wadors.metaDataManager.add = addBefore;
    stopCornerstone();
  });

  it('removes the provider and the image loaders of slices without a frame', async () => {
    // The third of five slices is missing.
    const series = new SyntheticSeries({
      count: 4,
      position: (slice) => [0, 0, slice < 2 ? slice : slice + 1],
    });
    registerStreamingImageVolumeLoader();
    const volume = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    const absent = volume.imageIds[2] as string;
    expect(absent.startsWith('absentSlice:')).toBeTrue();
    expect(metaData.get('imagePlaneModule', absent) as unknown).toBeDefined();

    unregisterStreamingImageVolumeLoader();

    expect(metaData.get('imagePlaneModule', absent) as unknown).toBeUndefined();
    const options = { ignoreCache: true } as never;
    expect(() => imageLoader.loadImage(absent, options)).toThrowError(/No image loader/);
    registerStreamingImageVolumeLoader();
    const again = await createVolume(series.imageIds, { onIrregular: 'nearest' });
    expect(metaData.get('imagePlaneModule', again.imageIds[2] as string) as unknown).toBeDefined();
    series.dispose();
  });

  it('removes the provider of prefetched headers; the next registration brings it back', async () => {
    const imageId = wadouri.fileManager.add(new File([await part10File()], 'slice.dcm'));
    await prefetchMetadata([imageId]);
    registerStreamingImageVolumeLoader();
    expect(rowsOf(imageId)).toBe(3);

    unregisterStreamingImageVolumeLoader();
    expect(rowsOf(imageId)).toBeUndefined();

    registerStreamingImageVolumeLoader();
    expect(rowsOf(imageId)).toBe(3);
  });

  it('removes the providers that were added without a registration', async () => {
    const imageId = wadouri.fileManager.add(new File([await part10File()], 'slice.dcm'));
    await prefetchMetadata([imageId]);
    expect(rowsOf(imageId)).toBe(3);

    unregisterStreamingImageVolumeLoader();

    expect(rowsOf(imageId)).toBeUndefined();
  });

  it('removes the provider of scaling modules', () => {
    const imageId = 'wadors:/unregister/instances/1/frames/1';
    wadors.metaDataManager.add(imageId, {
      '00080060': { vr: 'CS', Value: ['RTDOSE'] },
      '3004000E': { vr: 'DS', Value: [0.5] },
    } as never);
    const before: unknown = metaData.get('scalingModule', imageId);
    registerStreamingImageVolumeLoader();
    checkVolumeEligibility([imageId]);
    expect(metaData.get('scalingModule', imageId) as unknown).not.toEqual(before);

    unregisterStreamingImageVolumeLoader();

    expect(metaData.get('scalingModule', imageId) as unknown).toEqual(before);
  });

  it('puts wadors.metaDataManager.add back', () => {
    registerStreamingImageVolumeLoader();
    expect(wadors.metaDataManager.add).not.toBe(addBefore);

    unregisterStreamingImageVolumeLoader();

    expect(wadors.metaDataManager.add).toBe(addBefore);
  });

  it('keeps nothing of instances any more where another wrapper lies over its own', () => {
    registerStreamingImageVolumeLoader();
    const own = wadors.metaDataManager.add;
    const other: typeof own = (...added) => {
      own(...added);
    };
    wadors.metaDataManager.add = other;
    unregisterStreamingImageVolumeLoader();
    expect(wadors.metaDataManager.add).toBe(other);

    const instance = { '52009229': { vr: 'SQ', Value: [{}] } };
    wadors.metaDataManager.add('wadors:/unregister/instances/2/frames/1', instance as never);

    expect(Object.getOwnPropertySymbols(instance)).toEqual([]);
  });

  it('leaves an unknown volume loader alone that was registered later', () => {
    const before = volumeLoader.registerUnknownVolumeLoader(applicationLoader);
    registerStreamingImageVolumeLoader();
    const later = (() => undefined) as unknown as VolumeLoader;
    volumeLoader.registerUnknownVolumeLoader(later);

    unregisterStreamingImageVolumeLoader();

    const found: unknown = volumeLoader.registerUnknownVolumeLoader(before as VolumeLoader);
    expect(found).toBe(later);
  });

  describe('with two copies of the package', () => {
    let undo: jasmine.Spy;

    /** As another copy registers: what is known of it is how it is taken back. */
    function registerOtherCopy(): void {
      const state = stateOf();
      undo = jasmine.createSpy('undo').and.callFake(() => {
        state.undo = undefined;
      });
      state.undo = undo;
    }

    afterEach(() => {
      if (stateOf().undo === undo) {
        stateOf().undo = undefined;
      }
    });

    it('takes the registration of the other copy back before its own', () => {
      registerOtherCopy();

      registerStreamingImageVolumeLoader();

      expect(undo).toHaveBeenCalledTimes(1);
      expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
    });

    it('leaves the registration of the other copy alone', () => {
      registerStreamingImageVolumeLoader();
      stateOf().undo?.();
      registerOtherCopy();

      expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
      unregisterStreamingImageVolumeLoader();

      expect(undo).not.toHaveBeenCalled();
    });

    it('knows which schemes the other copy has left without a loader', async () => {
      const before = volumeLoader.registerUnknownVolumeLoader(applicationLoader);
      registerStreamingImageVolumeLoader({ schemes: ['vacated'] });
      unregisterStreamingImageVolumeLoader();

      expect(volumeLoader.getVolumeLoaderSchemes()).toContain('vacated');
      expect(stateOf().vacatedSchemes.has('vacated')).toBeTrue();
      await expectAsync(createVolume([], { volumeId: 'vacated:1' })).toBeRejectedWithError(REFUSAL);
      volumeLoader.registerUnknownVolumeLoader(before as VolumeLoader);
    });
  });

  it('may be called twice, and before any registration', () => {
    unregisterStreamingImageVolumeLoader();
    unregisterStreamingImageVolumeLoader();
    expect(isStreamingImageVolumeLoaderRegistered()).toBeFalse();
    registerStreamingImageVolumeLoader();
    expect(isStreamingImageVolumeLoaderRegistered()).toBeTrue();
    expect(volumeLoader.getVolumeLoaderSchemes()).toContain(VOLUME_SCHEME);
  });
});

const REFUSAL = 'the loader of the application was asked';
const applicationLoader = (() => {
  throw new Error(REFUSAL);
}) as VolumeLoader;

interface State {
  undo: (() => void) | undefined;
  readonly vacatedSchemes: Set<string>;
}

function stateOf(): State {
  return (eventTarget as unknown as Record<symbol, State>)[STATE] as State;
}

function rowsOf(imageId: string): unknown {
  return (metaData.get('imagePixelModule', imageId) as { rows?: number } | undefined)?.rows;
}

function part10File(): Promise<Uint8Array<ArrayBuffer>> {
  return encodePart10(
    [
      { tag: 0x00080018, vr: 'UI', value: '1.2.3' },
      { tag: 0x00280002, vr: 'US', value: [1] },
      { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
      { tag: 0x00280010, vr: 'US', value: [3] },
      { tag: 0x00280011, vr: 'US', value: [2] },
      { tag: 0x00280100, vr: 'US', value: [16] },
      { tag: 0x00280101, vr: 'US', value: [12] },
      { tag: 0x00280102, vr: 'US', value: [11] },
      { tag: 0x00280103, vr: 'US', value: [0] },
      { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(12) },
    ],
    'explicit',
  );
}
