import * as publicApi from '../src/index.js';

describe('The public API', () => {
  it('has these names and no others', () => {
    expect(Object.keys(publicApi).toSorted()).toEqual([
      'StreamingImageVolume',
      'StreamingVolumeError',
      'VOLUME_SCHEME',
      'checkVolumeEligibility',
      'cornerstoneStreamingImageVolumeLoader',
      'isStreamingVolumeError',
      'registerStreamingImageVolumeLoader',
      'unregisterStreamingImageVolumeLoader',
      'withSkipCreateImage',
    ]);
  });

  it('has functions and classes, and the scheme as a string', () => {
    const { VOLUME_SCHEME, ...callables } = publicApi;
    expect(VOLUME_SCHEME).toBe('cornerstoneStreamingImageVolume');
    expect(Object.values(callables).map((value) => typeof value)).toEqual(
      Object.values(callables).map(() => 'function'),
    );
  });
});
