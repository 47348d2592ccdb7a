import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { EXTENDED_JPEG, JPEG_BASELINE, RLE_LOSSLESS } from '../../base/transferSyntaxUids.js';
import type { PixelArray } from '../../base/types.js';
import type { ColorLayout } from '../../headers/color/describeColor.js';
import type { ColoredLayout } from '../pixelLayout.js';
import { toRgb } from './colorPixels.js';
import type { SampleOrder } from './colorPixels.js';
import { decodeCompressed, runWorker } from './decodeCompressed.js';
import type { CompressedFrame } from './decodeCompressed.js';
import { toRawJpeg } from './jpegColor.js';
import { rleFault } from './rle.js';

const LOSSY_JPEG: ReadonlySet<string> = new Set([JPEG_BASELINE, ...EXTENDED_JPEG]);

/** Decoders of JPEG XL give RGB whatever the codestream has, and so does none of the others. */
const JPEG_XL: ReadonlySet<string> = new Set(
  [110, 111, 112].map((number) => `1.2.840.10008.1.2.4.${number}`),
);

/** A compressed frame in colour, whose palette is known if it has one. */
export type CompressedColors = CompressedFrame & { readonly layout: ColoredLayout };

/**
 * Decodes a compressed frame in colour in dicom-image-loader's worker, and makes red, green and blue of it.
 *
 * The header states what the samples are (PS3.5 8.2); only the application segments of JPEG take precedence.
 *
 * @throws StreamingVolumeError with code `frame-decode` or `frame-size`
 */
export async function decodeCompressedColors(frame: CompressedColors): Promise<PixelArray> {
  const { imageId, bytes, transferSyntax, layout } = frame;
  const { color } = layout;
  if (color.space === 'PALETTE') {
    const options = { preScale: { enabled: false } };
    const stored = await decodeCompressed(imageId, bytes, transferSyntax, layout, options);
    checkLength(stored.pixelData, layout.valueCount, imageId);
    return toRgb(stored.pixelData, color, 'pixels');
  }
  const fault = transferSyntax === RLE_LOSSLESS ? faultOfRle(bytes, layout) : undefined;
  if (fault !== undefined) {
    throw unreadable(fault, imageId);
  }
  const raw = LOSSY_JPEG.has(transferSyntax) ? toRawJpeg(bytes) : undefined;
  // The decoder of baseline JPEG reads the other processes too, as far as they have 8 bits.
  const source = raw ? { imageId, bytes: raw.bytes, transferSyntax: JPEG_BASELINE } : frame;
  const header = { pixelRepresentation: 0, planarConfiguration: 0 };
  const { pixelData, interleaveMode } = await runWorker(source, header, {
    preScale: { enabled: false },
  });
  const valueCount = color.isSubsampled ? (layout.valueCount / 2) * 3 : layout.valueCount;
  checkLength(pixelData, valueCount, imageId);
  if (pixelData.BYTES_PER_ELEMENT !== 1) {
    throw unreadable('compressed colours of more than 8 bits a sample', imageId);
  }
  const order: SampleOrder = interleaveMode === 0 ? 'planes' : 'pixels';
  return toRgb(pixelData, { ...color, space: spaceOf(color, transferSyntax, raw?.space) }, order);
}

/** Segments of RLE have one sample of every pixel (PS3.5 8.2.2). */
function faultOfRle(bytes: Uint8Array, { color, valueCount }: ColoredLayout): string | undefined {
  return color.isSubsampled
    ? 'run-length encoded samples that pixels share'
    : rleFault(bytes, SAMPLES, valueCount / SAMPLES);
}

const SAMPLES = 3;

/** @param stated - by the codestream */
function spaceOf(
  { space }: ColorLayout,
  transferSyntax: string,
  stated: 'RGB' | 'YBR_FULL' | undefined,
): ColorLayout['space'] {
  if (JPEG_XL.has(transferSyntax)) {
    return 'RGB';
  }
  return space === 'YBR_PARTIAL' ? space : (stated ?? space);
}

function checkLength(pixels: PixelArray, valueCount: number, imageId: string): void {
  if (pixels.length !== valueCount) {
    throw new StreamingVolumeError(
      'frame-size',
      `A compressed frame in colour has ${pixels.length} samples instead of ${valueCount} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}
