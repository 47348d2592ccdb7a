import type { FrameHeader } from '../frameHeader.js';
import { toFiniteNumber } from '../readModule.js';
import type { MetadataModule } from '../readModule.js';
import { describeColor } from './describeColor.js';
import type { DescribedColor } from './describeColor.js';
import { hasSupplementalPalette, paletteInHeader, readPalette } from './readPalette.js';

/** What the headers of a frame say of its colours. */
export interface FrameColor {
  readonly isColor: boolean;
  /** Why the colours are not read. */
  readonly fault?: string;
  readonly hasSupplementalPalette?: boolean;
}

/**
 * Reads how the colours of a frame are stored, by the image pixel module of Cornerstone's providers.
 *
 * @returns undefined for grey values
 */
export function readColorLayout(pixel: MetadataModule): DescribedColor | undefined {
  const { photometricInterpretation } = pixel;
  return describeColor({
    samplesPerPixel: toFiniteNumber(pixel['samplesPerPixel']),
    photometricInterpretation:
      typeof photometricInterpretation === 'string' ? photometricInterpretation : undefined,
    planarConfiguration: toFiniteNumber(pixel['planarConfiguration']),
    bitsAllocated: toFiniteNumber(pixel['bitsAllocated']) ?? 0,
    columns: toFiniteNumber(pixel['columns']) ?? 0,
  });
}

/** Reads whether the colours of a frame can be read, before anything of its pixels is requested. */
export function readColor(
  imageId: string,
  pixel: MetadataModule,
  header: FrameHeader | undefined,
): FrameColor {
  const described = readColorLayout(pixel);
  if (!described) {
    return { isColor: false, hasSupplementalPalette: hasSupplementalPalette(header?.instance) };
  }
  const { layout, fault } = described;
  if (fault !== undefined) {
    return { isColor: true, fault };
  }
  if (layout.space !== 'PALETTE') {
    return { isColor: true };
  }
  const source = readPalette(imageId, pixel);
  const palette = typeof source === 'string' ? source : paletteInHeader(source);
  return typeof palette === 'string' ? { isColor: true, fault: palette } : { isColor: true };
}
