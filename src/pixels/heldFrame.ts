import { metaData } from '@cornerstonejs/core';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';

/** A frame whose bytes Cornerstone's metadata holds together with its headers. */
export interface HeldFrame {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
}

/**
 * Finds a frame that came with the metadata of its instance.
 *
 * @param frameNumber - from 1
 * @returns undefined where the metadata holds no bytes of it, or does not say how they are encoded
 */
export function findHeldFrame(imageId: string, frameNumber: number): HeldFrame | undefined {
  const { pixelData, transferSyntaxUid } = (metaData.getTyped(
    MetadataEnums.MetadataModules.COMPRESSED_FRAME_DATA,
    imageId,
    { frameIndex: frameNumber - 1 },
  ) ?? {}) as { pixelData?: unknown; transferSyntaxUid?: string };
  const fragments = (Array.isArray(pixelData) ? pixelData : [pixelData]).flatMap(toBytes);
  if (!transferSyntaxUid || fragments.length === 0) {
    return undefined;
  }
  return { bytes: joinFragments(fragments), transferSyntax: transferSyntaxUid };
}

function toBytes(data: unknown): Uint8Array[] {
  if (ArrayBuffer.isView(data)) {
    return [new Uint8Array(data.buffer, data.byteOffset, data.byteLength)];
  }
  return data instanceof ArrayBuffer ? [new Uint8Array(data)] : [];
}

/**
 * The bytes of a frame, which its fragments are in pieces (PS3.5 A.4): a copy with memory of its own, so that
 * nothing else goes along when it is given to a worker.
 */
export function joinFragments(fragments: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(fragments.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const fragment of fragments) {
    bytes.set(fragment, at);
    at += fragment.length;
  }
  return bytes;
}
