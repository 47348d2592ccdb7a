import type { PixelArray } from '../../base/types.js';
import type { ColoredLayout } from '../pixelLayout.js';
import { checkColorLength, codestreamColors, colorCodestream } from './codestreamColors.js';
import { toRgb } from './colorPixels.js';
import { checkCodestream, decodeCompressed, runWorker } from './decodeCompressed.js';
import type { CompressedFrame } from './decodeCompressed.js';

/** A compressed frame in colour, whose palette is known if it has one. */
export type CompressedColors = CompressedFrame & { readonly layout: ColoredLayout };

/**
 * Decodes a compressed frame in colour in dicom-image-loader's worker, and makes red, green and blue of it.
 *
 * @throws StreamingVolumeError with code `frame-decode` or `frame-size`
 */
export async function decodeCompressedColors(frame: CompressedColors): Promise<PixelArray> {
  const { imageId, bytes, transferSyntax, layout } = frame;
  const { color } = layout;
  if (color.space === 'PALETTE') {
    const options = { preScale: { enabled: false } };
    const stored = await decodeCompressed(imageId, bytes, transferSyntax, layout, options);
    checkColorLength(stored.pixelData, layout.valueCount, imageId);
    return toRgb(stored.pixelData, color, 'pixels');
  }
  checkCodestream(frame);
  const { space, ...source } = colorCodestream(bytes, transferSyntax, color);
  const header = { pixelRepresentation: 0, planarConfiguration: 0 };
  const { pixelData, interleaveMode } = await runWorker({ imageId, ...source }, header, {
    preScale: { enabled: false },
  });
  return codestreamColors(pixelData, interleaveMode === 0, space, layout, imageId);
}
