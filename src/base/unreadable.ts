import { StreamingVolumeError } from './errors.js';

/** The error of pixels whose layout is not read: code `frame-decode`. */
export function unreadable(fault: string, imageId: string): StreamingVolumeError {
  return new StreamingVolumeError('frame-decode', `A frame cannot be read: ${fault} (${imageId})`, {
    imageIds: [imageId],
  });
}
