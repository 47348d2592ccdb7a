import { Enums, metaData } from '@cornerstonejs/core';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';
import { StreamingVolumeError } from '../base/errors.js';
import { isCompressedSyntax } from '../base/transferSyntaxUids.js';
import { readCellLayout } from '../headers/readPixelCells.js';
import { readColorLayout } from '../headers/color/readColor.js';
import { readPalette } from '../headers/color/readPalette.js';
import type { PaletteSource } from '../headers/color/readPalette.js';
import { readModule, toFiniteNumber } from '../headers/readModule.js';
import type { MetadataModule } from '../headers/readModule.js';
import { nativeLength } from './pixelLayout.js';
import type { PixelLayout } from './pixelLayout.js';

/** How the pixels of a frame are stored, as its headers say. */
export interface FrameDescription {
  /** Whether there are headers; without, the other fields have no meaning. */
  readonly isKnown: boolean;
  readonly isColor: boolean;
  /** Bytes of the frame when it is not compressed (PS3.5 8.2). */
  readonly nativeLength: number;
  readonly layout: PixelLayout;
  /** The tables of a palette, which `layout` has not; undefined where there is none. */
  readonly palette: PaletteSource | undefined;
  /** Available Transfer Syntax UID of the instance, where it is known. */
  readonly storedSyntax: string | undefined;
}

interface SyntaxModule {
  readonly transferSyntaxUID?: string;
  readonly availableTransferSyntaxUID?: string;
}

/** Whether Cornerstone's metadata providers say that a frame is stored in a compressed transfer syntax. */
export function isStoredCompressed(imageId: string): boolean {
  return isCompressedSyntax(storedSyntaxOf(imageId));
}

function storedSyntaxOf(imageId: string): string | undefined {
  const module = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    SyntaxModule | undefined;
  return module?.availableTransferSyntaxUID ?? module?.transferSyntaxUID;
}

/** Reads from Cornerstone's metadata providers how a frame is stored. */
export function describeFrame(imageId: string): FrameDescription {
  const module = readModule(Enums.MetadataModules.IMAGE_PIXEL, imageId) ?? {};
  const samplesPerPixel = toFiniteNumber(module['samplesPerPixel']) ?? 1;
  const color = readColorLayout(module);
  const palette = color?.layout?.space === 'PALETTE' ? readPalette(imageId, module) : undefined;
  const ofColor = {
    color: color?.layout,
    colorFault: typeof palette === 'string' ? palette : color?.fault,
  };
  const grey = readLayout(module, samplesPerPixel, imageId);
  const layout = color ? toColored(grey, samplesPerPixel, ofColor) : grey;
  return {
    isKnown: layout.bitsAllocated > 0,
    isColor: color !== undefined,
    nativeLength: nativeLength(layout),
    layout,
    palette: typeof palette === 'string' ? undefined : palette,
    storedSyntax: storedSyntaxOf(imageId),
  };
}

/** The error of a frame whose headers Cornerstone does not have (any more): code `metadata-missing`. */
export function headersMissing(imageId: string): StreamingVolumeError {
  return new StreamingVolumeError(
    'metadata-missing',
    `A frame cannot be loaded, since Cornerstone has no metadata of its pixels: register them again, or remove the volume (${imageId})`,
    { imageIds: [imageId] },
  );
}

function readLayout(module: MetadataModule, samplesPerPixel: number, imageId: string): PixelLayout {
  const [rows, columns] = [toFiniteNumber(module['rows']), toFiniteNumber(module['columns'])];
  return {
    valueCount: (rows ?? 0) * (columns ?? 0) * samplesPerPixel,
    rows,
    columns,
    ...readCellLayout(module, imageId),
  };
}

/** Samples of colours have no sign; indices into a palette may have one. */
function toColored(
  layout: PixelLayout,
  samplesPerPixel: number,
  ofColor: Pick<PixelLayout, 'color' | 'colorFault'>,
): PixelLayout {
  const { valueCount, isSigned } = layout;
  const isSubsampled = ofColor.color?.isSubsampled === true;
  return {
    ...layout,
    ...ofColor,
    valueCount: isSubsampled ? (valueCount / samplesPerPixel) * 2 : valueCount,
    isSigned: isSigned && samplesPerPixel === 1,
  };
}

/** A frame whose bytes Cornerstone's metadata holds together with its headers. */
export interface HeldFrame {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
}

/**
 * Finds the bytes of a frame that came with the metadata of its instance.
 *
 * @param frameNumber - from 1
 * @returns undefined where the metadata have no bytes of it, or do not say how they are encoded
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
 * Joins the fragments of a frame (PS3.5 A.4): a copy with memory of its own, so that no other bytes are sent along
 * when it goes to a worker.
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
