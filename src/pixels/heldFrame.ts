import { metaData } from '@cornerstonejs/core';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';
import { joinFragments } from './joinFragments.js';

/** A frame whose bytes Cornerstone's metadata holds together with its headers. */
export interface HeldFrame {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
}

/**
 * Finds a frame that came with the metadata of its instance.
 *
 * @param frameIndex - from 0
 * @returns undefined where the metadata holds no bytes of it, or does not say how they are encoded
 */
export function findHeldFrame(imageId: string, frameIndex: number): HeldFrame | undefined {
  const { pixelData, transferSyntaxUid } = (metaData.getTyped(
    MetadataEnums.MetadataModules.COMPRESSED_FRAME_DATA,
    imageId,
    { frameIndex },
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
