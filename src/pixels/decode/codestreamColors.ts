import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { EXTENDED_JPEG, JPEG_BASELINE } from '../../base/transferSyntaxUids.js';
import type { PixelArray } from '../../base/types.js';
import type { ColorLayout } from '../../headers/color/describeColor.js';
import type { ColoredLayout } from '../pixelLayout.js';
import { toRgb } from './colorPixels.js';
import { toRawJpeg } from './jpegColor.js';

const LOSSY_JPEG: ReadonlySet<string> = new Set([JPEG_BASELINE, ...EXTENDED_JPEG]);

/** Decoders of JPEG XL give RGB whatever the codestream has, and so does none of the others. */
const JPEG_XL: ReadonlySet<string> = new Set(
  [110, 111, 112].map((number) => `1.2.840.10008.1.2.4.${number}`),
);

/** A codestream in colour as decoders are to get it. */
export interface ColorCodestream {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  /** What the decoded samples are. */
  readonly space: ColorLayout['space'];
}

/**
 * Prepares a codestream for a decoder: the header states what the samples are (PS3.5 8.2); only the application
 * segments of JPEG take precedence.
 *
 * @param bytes - not changed
 */
export function colorCodestream(
  bytes: Uint8Array,
  transferSyntax: string,
  { space }: ColorLayout,
): ColorCodestream {
  if (JPEG_XL.has(transferSyntax)) {
    return { bytes, transferSyntax, space: 'RGB' };
  }
  if (!LOSSY_JPEG.has(transferSyntax)) {
    return { bytes, transferSyntax, space };
  }
  const raw = toRawJpeg(bytes);
  return {
    bytes: raw.bytes,
    // The decoder of baseline JPEG reads the other processes too, as far as they have 8 bits.
    transferSyntax: JPEG_BASELINE,
    space: space === 'YBR_PARTIAL' ? space : (raw.space ?? space),
  };
}

/**
 * Makes red, green and blue of decoded samples.
 *
 * @param samples - not changed; the result is over their memory where they are that already
 * @param isPlanar - whether the samples have one plane after the other
 * @throws StreamingVolumeError with code `frame-decode` or `frame-size`
 */
export function codestreamColors(
  samples: PixelArray,
  isPlanar: boolean,
  space: ColorLayout['space'],
  { color, valueCount: stated }: ColoredLayout,
  imageId: string,
): PixelArray {
  checkColorLength(samples, color.isSubsampled ? (stated / 2) * 3 : stated, imageId);
  if (samples.BYTES_PER_ELEMENT !== 1) {
    throw unreadable('compressed colours of more than 8 bits a sample', imageId);
  }
  return toRgb(samples, { ...color, space }, isPlanar ? 'planes' : 'pixels');
}

/** @throws StreamingVolumeError with code `frame-size` */
export function checkColorLength(pixels: PixelArray, valueCount: number, imageId: string): void {
  if (pixels.length !== valueCount) {
    throw new StreamingVolumeError(
      'frame-size',
      `A compressed frame in colour has ${pixels.length} samples instead of ${valueCount} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}
