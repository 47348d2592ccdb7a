import * as publicApi from '../src/index.js';

describe('The public API', () => {
  it('has these names and no others', () => {
    expect(Object.keys(publicApi).toSorted()).toEqual([
      'DECIMATED_VOLUME_SCHEME',
      'DEFAULT_GEOMETRY_TOLERANCE',
      'DYNAMIC_VOLUME_SCHEME',
      'StreamingDynamicImageVolume',
      'StreamingImageVolume',
      'StreamingVolumeError',
      'VOLUME_DECIMATED',
      'VOLUME_LOADER_REPLACED',
      'VOLUME_PROGRESS',
      'VOLUME_SCHEME',
      'VOLUME_TEXTURE_REDUCED',
      'VOLUME_WIDENED',
      'centerOut',
      'checkVolumeEligibility',
      'coarseToFine',
      'cornerstoneStreamingDynamicImageVolumeLoader',
      'cornerstoneStreamingImageVolumeLoader',
      'createStreamingVolume',
      'createVolumeFromImages',
      'createVolumeWithoutMetadata',
      'decimatedVolumeLoader',
      'fetchFrameOfReferenceUID',
      'fetchSeries',
      'followViewports',
      'groupImageIdsIntoVolumes',
      'isStreamingDynamicImageVolume',
      'isStreamingImageVolume',
      'isStreamingImageVolumeLoaderRegistered',
      'isStreamingVolumeError',
      'listSeries',
      'prefetchMetadata',
      'prefetchVolume',
      'registerStreamingImageVolumeLoader',
      'topToBottom',
      'unregisterStreamingImageVolumeLoader',
      'withSkipCreateImage',
    ]);
  });

  it('has functions and classes, eight names as strings, and the tolerances', () => {
    const {
      DECIMATED_VOLUME_SCHEME,
      DEFAULT_GEOMETRY_TOLERANCE,
      VOLUME_DECIMATED,
      DYNAMIC_VOLUME_SCHEME,
      VOLUME_LOADER_REPLACED,
      VOLUME_PROGRESS,
      VOLUME_SCHEME,
      VOLUME_TEXTURE_REDUCED,
      VOLUME_WIDENED,
      ...callables
    } = publicApi;
    expect(DECIMATED_VOLUME_SCHEME).toBe('decimatedVolumeLoader');
    expect(VOLUME_DECIMATED).toBe('STREAMING_IMAGE_VOLUME_DECIMATED');
    expect(DYNAMIC_VOLUME_SCHEME).toBe('cornerstoneStreamingDynamicImageVolume');
    expect(VOLUME_WIDENED).toBe('STREAMING_IMAGE_VOLUME_WIDENED');
    expect(VOLUME_TEXTURE_REDUCED).toBe('STREAMING_IMAGE_VOLUME_TEXTURE_REDUCED');
    expect(Object.values(DEFAULT_GEOMETRY_TOLERANCE).every(Number.isFinite)).toBeTrue();
    expect(VOLUME_LOADER_REPLACED).toBe('STREAMING_IMAGE_VOLUME_LOADER_REPLACED');
    expect(VOLUME_PROGRESS).toBe('STREAMING_IMAGE_VOLUME_PROGRESS');
    expect(VOLUME_SCHEME).toBe('cornerstoneStreamingImageVolume');
    expect(Object.values(callables).map((value) => typeof value)).toEqual(
      Object.values(callables).map(() => 'function'),
    );
  });
});
