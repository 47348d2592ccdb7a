import { isStreamingVolumeError, StreamingVolumeError } from '../../src/base/errors.js';

describe('StreamingVolumeError', () => {
  it('ends its message with the part of the documents about its code', () => {
    const error = new StreamingVolumeError('frame-fetch', 'The request failed (a)');
    expect(error.message).toBe('The request failed (a) [docs/troubleshooting.md#frame-fetch]');
    expect(isStreamingVolumeError(error, 'frame-fetch')).toBeTrue();
  });

  it('names one part where its message quotes the message of its cause', () => {
    const cause = new StreamingVolumeError('header-fetch', 'No header (a)');
    const error = new StreamingVolumeError('metadata-fetch', `1 of 2 failed: ${cause.message}`, {
      cause,
    });
    expect(error.message).toBe(
      '1 of 2 failed: No header (a) [docs/troubleshooting.md#metadata-fetch]',
    );
    expect(error.cause).toBe(cause);
  });
});
