import { withPlainUnpacking } from './FrameUploader.js';
import type { FrameUploader, TextureSource } from './FrameUploader.js';
import type { FrameUploads } from './FrameUploads.js';
import type { GLState } from './WindowTextures.js';

/**
 * Most bytes of stand-ins that one render uploads, besides the time: a GPU copies them after the calls that are timed.
 * 32 slices of 512 x 512 floats.
 */
const STAND_IN_BYTES = 32 * 1024 * 1024;

/** What {@link uploadSlices} works with. */
interface UploadOptions {
  readonly source: TextureSource;
  readonly uploader: FrameUploader;
  readonly uploads: FrameUploads;
  /** In milliseconds. */
  readonly budgetMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
  /** Whether stand-ins are uploaded too. */
  readonly hasStandIns: boolean;
}

/**
 * Uploads pending slices of a source to the texture bound to TEXTURE_3D, then stand-ins, within their budgets.
 *
 * @param state - of the texture
 */
export function uploadSlices(
  gl: WebGL2RenderingContext,
  { width, height, format, openGLDataType: dataType, volumeInfo }: GLState,
  { source, uploader, uploads, budgetMs, now, hasStandIns }: UploadOptions,
): void {
  const destination = { gl, width, height, format, dataType, offset: volumeInfo?.offset[0] ?? 0 };
  const uploadFrame = (sliceIndex: number, from: number): number => {
    const startedAt = source.onUploaded ? now() : 0;
    const bytes = uploader.upload(destination, sliceIndex, from);
    if (from === sliceIndex) {
      source.onUploaded?.(sliceIndex, startedAt);
    }
    return bytes;
  };
  withPlainUnpacking(gl, () =>
    uploads.upload(uploadFrame, {
      budgetMs,
      now,
      standInBytes: hasStandIns ? STAND_IN_BYTES : 0,
    }),
  );
}
