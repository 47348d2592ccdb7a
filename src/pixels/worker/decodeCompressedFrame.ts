import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { RLE_LOSSLESS } from '../../base/transferSyntaxUids.js';
import { measureStored } from '../../base/voxels/storedBits.js';
import type { StoredBits } from '../../base/voxels/storedBits.js';
import type { PixelArray } from '../../base/types.js';
import type { CellHeader, CodecSource, DecodeCallbacks } from '../codecs/Codec.js';
import { CodestreamRejected, decodeCodestream, hasCodec } from '../codecs/decodeCodestream.js';
import { checkColorLength, codestreamColors, colorCodestream } from '../decode/codestreamColors.js';
import { codestreamFault } from '../decode/codestreamFault.js';
import { toRgb } from '../decode/colorPixels.js';
import { nativePixels } from '../decode/nativePixels.js';
import { decodeRle, decodeRlePlanes } from '../decode/rle.js';
import { hasColorSamples, isColored, storedBitsOf } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';

/** A compressed frame, and what its headers say. */
export interface CompressedFrame {
  readonly imageId: string;
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly layout: PixelLayout;
}

/** The pixels of a frame. */
export interface DecodedPixels {
  /** Pixel cells, or red, green and blue of each pixel. They may be memory of the codec. */
  readonly pixels: PixelArray;
  /** Of the values, where `pixels` are pixel cells. */
  readonly bits: StoredBits | undefined;
}

/** Whether there is a decoder for frames of a transfer syntax on this thread. */
export function isDecodedHere({ transferSyntax, bytes, layout }: CompressedFrame): boolean {
  const ofCodec = hasColorSamples(layout)
    ? colorCodestream(bytes, transferSyntax, layout.color).transferSyntax
    : transferSyntax;
  return transferSyntax === RLE_LOSSLESS || hasCodec(ofCodec);
}

/**
 * Decodes a compressed frame on this thread. The header decides what a value is, where the codestream says otherwise
 * (PS3.3 C.7.6.3): its bits stored, its sign, and what its colours are.
 *
 * @param use - gets the pixels of the whole frame at once; its result is returned. It copies what it keeps
 * @throws CodecUnavailable, StreamingVolumeError with code `frame-decode` or `frame-size`, or what `use` or `onBegin` throws
 */
export async function decodeCompressedFrame<T>(
  frame: CompressedFrame,
  source: CodecSource & DecodeCallbacks,
  use: (decoded: DecodedPixels) => T,
): Promise<T> {
  const { imageId, bytes, transferSyntax, layout } = frame;
  const fault = codestreamFault(bytes, transferSyntax, layout);
  if (fault !== undefined) {
    throw unreadable(fault, imageId);
  }
  if (transferSyntax === RLE_LOSSLESS) {
    source.onBegin?.();
    return use(decodeRleFrame(frame));
  }
  try {
    if (!hasColorSamples(layout)) {
      const codestream = { bytes, transferSyntax, header: headerOf(layout) };
      return await decodeCodestream(codestream, source, ({ cells }) =>
        use(ofCells(cells, layout, imageId)),
      );
    }
    const { space, ...prepared } = colorCodestream(bytes, transferSyntax, layout.color);
    const codestream = { ...prepared, header: { ...layout, isSigned: false } };
    return await decodeCodestream(codestream, source, ({ cells, isPlanar }) =>
      use({
        pixels: codestreamColors(cells, isPlanar, space, layout, imageId),
        bits: undefined,
      }),
    );
  } catch (cause) {
    if (!(cause instanceof CodestreamRejected)) {
      throw cause;
    }
    throw new StreamingVolumeError(
      'frame-decode',
      `A frame in transfer syntax ${transferSyntax} could not be decoded: ${cause.message} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
}

/** As dicom-image-loader's worker gets it for the same frames: the bits of signed bytes are taken from cells without a sign. */
function headerOf({ bitsAllocated, isSigned }: PixelLayout): CellHeader {
  return { bitsAllocated, isSigned: isSigned && bitsAllocated > 8 };
}

/** Grey values, or the colours that indices into a palette stand for. */
function ofCells(cells: PixelArray, layout: PixelLayout, imageId: string): DecodedPixels {
  if (!isColored(layout)) {
    return { pixels: cells, bits: layout };
  }
  const indices = measureStored(cells, layout).pixels;
  checkColorLength(indices, layout.valueCount, imageId);
  return { pixels: toRgb(indices, layout.color, 'pixels'), bits: undefined };
}

function decodeRleFrame({ imageId, bytes, layout }: CompressedFrame): DecodedPixels {
  if (hasColorSamples(layout)) {
    const planes = decodeRlePlanes(bytes, layout.valueCount, imageId);
    const pixels = codestreamColors(planes, true, layout.color.space, layout, imageId);
    return { pixels, bits: undefined };
  }
  const cells = nativePixels(decodeRle(bytes, layout, imageId), layout, true);
  const { pixels } = ofCells(cells, layout, imageId);
  return { pixels, bits: isColored(layout) ? undefined : storedBitsOf(layout) };
}
