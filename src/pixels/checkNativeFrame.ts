import { StreamingVolumeError } from '../errors.js';
import { NATIVE_SYNTAXES } from './transferSyntax.js';

/**
 * @param nativeLength - bytes of the frame when it is not compressed
 * @throws StreamingVolumeError with code `frame-size` for a native frame of another length
 */
export function checkNativeFrame(
  bytes: Uint8Array,
  transferSyntax: string,
  nativeLength: number,
  imageId: string,
): void {
  if (NATIVE_SYNTAXES.has(transferSyntax) && bytes.length !== nativeLength) {
    throw new StreamingVolumeError(
      'frame-size',
      `A native frame has ${bytes.length} bytes instead of ${nativeLength} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}
