import * as publicApi from '../src/index.js';

describe('The public API', () => {
  it('has these names and no others', () => {
    expect(Object.keys(publicApi).toSorted()).toEqual([
      'StreamingImageVolume',
      'StreamingVolumeError',
      'VOLUME_PROGRESS',
      'VOLUME_SCHEME',
      'centerOut',
      'checkVolumeEligibility',
      'coarseToFine',
      'cornerstoneStreamingImageVolumeLoader',
      'followViewports',
      'isStreamingVolumeError',
      'prefetchVolume',
      'registerStreamingImageVolumeLoader',
      'topToBottom',
      'unregisterStreamingImageVolumeLoader',
      'withSkipCreateImage',
    ]);
  });

  it('has functions and classes, and two names as strings', () => {
    const { VOLUME_PROGRESS, VOLUME_SCHEME, ...callables } = publicApi;
    expect(VOLUME_PROGRESS).toBe('STREAMING_IMAGE_VOLUME_PROGRESS');
    expect(VOLUME_SCHEME).toBe('cornerstoneStreamingImageVolume');
    expect(Object.values(callables).map((value) => typeof value)).toEqual(
      Object.values(callables).map(() => 'function'),
    );
  });
});
