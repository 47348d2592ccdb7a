import { IMAGE_QUALITY } from '../../base/types.js';
import { decodeFrame } from '../decode/decodeFrame.js';
import { createDecodedFrame } from '../DecodedFrame.js';
import type { DecodedFrame } from '../DecodedFrame.js';
import type { PixelLayout } from '../pixelLayout.js';
import { enlarge } from './enlarge.js';
import type { ReducedCodestream } from './reduceCodestream.js';

/** Transfer syntaxes that decode any codestream of their kind (PS3.5 A.4.4, 10.18). */
const HIGH_THROUGHPUT_SYNTAX = '1.2.840.10008.1.2.4.203';
const JPEG_2000_SYNTAX = '1.2.840.10008.1.2.4.91';

/**
 * Decodes a codestream of lower quality, and enlarges it to the size of the frame.
 *
 * @returns stored values, or colours, of the whole frame, which are in no target; undefined where the codestream is
 *   not of the size that the header states, which only the whole frame is to be judged by
 * @throws as {@link decodeFrame} does
 */
export async function decodePartial(
  imageId: string,
  reduced: ReducedCodestream,
  layout: PixelLayout,
  signal: AbortSignal,
): Promise<DecodedFrame | undefined> {
  const { frameSize, components, missingLevels, missingLayers } = reduced;
  const isOfHeader =
    (layout.columns ?? frameSize.columns) === frameSize.columns &&
    (layout.rows ?? frameSize.rows) === frameSize.rows &&
    layout.valueCount === frameSize.columns * frameSize.rows * components;
  if (!isOfHeader) {
    return undefined;
  }
  const syntax = reduced.isHighThroughput ? HIGH_THROUGHPUT_SYNTAX : JPEG_2000_SYNTAX;
  const { columns, rows } = reduced;
  const valueCount = columns * rows * components;
  const options = { preScale: { enabled: false }, signal };
  const frame = await decodeFrame(
    imageId,
    reduced.bytes,
    syntax,
    { ...layout, valueCount, columns, rows },
    options,
  );
  return createDecodedFrame({
    imageId,
    pixelData: enlarge(frame.pixelData, reduced, frameSize, missingLevels),
    inPlace: false,
    scaled: frame.scaled,
    range: undefined,
    imageQualityStatus: missingLevels > 0 ? IMAGE_QUALITY.subresolution : IMAGE_QUALITY.lossy,
    missing: { missingLevels, missingLayers },
  });
}
