/** Colours of a palette, for a run of stored values (PS3.3 C.7.9). */
export interface Palette {
  /** The stored value of the first colour; smaller ones have that colour too, and larger ones that of the last. */
  readonly first: number;
  /** Red, green and blue of each stored value, from `first` on. */
  readonly colors: Uint8Array;
}

/** How the samples of a pixel make a colour. */
export type ColorSpace = 'RGB' | 'YBR_FULL' | 'YBR_PARTIAL' | 'PALETTE';

/** How colours are stored: Photometric Interpretation and Planar Configuration (PS3.3 C.7.6.3.1.2, C.7.6.3.1.3). */
export interface ColorLayout {
  /** Of the samples once they are decompressed. */
  readonly space: ColorSpace;
  /**
   * Whether two neighbours in a row share their colour differences. A frame that is not compressed has the samples
   * Y, Y, CB and CR for each two pixels.
   */
  readonly isSubsampled: boolean;
  /** Whether a frame that is not compressed has all first samples before the second and third ones. */
  readonly isPlanar: boolean;
  /** The colours of stored values; only of `PALETTE`, and undefined until it is known. */
  readonly palette?: Palette;
}

/** The attributes of the Image Pixel Module (PS3.3 C.7.6.3) that determine how colours are stored. */
export interface ColorAttributes {
  /** Undefined where the header does not state it. */
  readonly samplesPerPixel: number | undefined;
  readonly photometricInterpretation: string | undefined;
  readonly planarConfiguration: number | undefined;
  readonly bitsAllocated: number;
  readonly columns: number;
}

/** What {@link describeColor} finds: a layout, or why the colours are not read. */
export type DescribedColor =
  | { readonly layout: ColorLayout; readonly fault?: undefined }
  | { readonly layout?: undefined; readonly fault: string };

interface Interpretation {
  readonly space: ColorSpace;
  readonly isSubsampled?: true;
}

/**
 * The interpretations that are read. Decoders of JPEG 2000 undo the transformations YBR_RCT and YBR_ICT, which are a
 * part of the codestream (PS3.5 8.2.4).
 */
const INTERPRETATIONS: ReadonlyMap<string, Interpretation> = new Map<string, Interpretation>([
  ['RGB', { space: 'RGB' }],
  ['YBR_RCT', { space: 'RGB' }],
  ['YBR_ICT', { space: 'RGB' }],
  ['YBR_FULL', { space: 'YBR_FULL' }],
  ['YBR_FULL_422', { space: 'YBR_FULL', isSubsampled: true }],
  ['YBR_PARTIAL_422', { space: 'YBR_PARTIAL', isSubsampled: true }],
]);

const PALETTE_COLOR = 'PALETTE COLOR';

/** Bits of a sample; a volume has the colours of a screen. */
const SAMPLE_BITS = 8;

const INDEX_BITS: ReadonlySet<number> = new Set([8, 16]);

/**
 * Tells how colours are stored.
 *
 * @returns undefined for grey values
 */
export function describeColor(attributes: ColorAttributes): DescribedColor | undefined {
  const { samplesPerPixel, photometricInterpretation = '', planarConfiguration } = attributes;
  const isPalette = photometricInterpretation === PALETTE_COLOR;
  const isColor = isPalette || /^(A?RGB|YBR_|HSV|CMYK|XYB)/.test(photometricInterpretation);
  if (!isColor && (samplesPerPixel ?? 1) === 1) {
    return undefined;
  }
  const interpretation = INTERPRETATIONS.get(photometricInterpretation);
  const fault = isPalette ? paletteFault(attributes) : samplesFault(attributes, interpretation);
  if (fault !== undefined) {
    return { fault };
  }
  const { space, isSubsampled = false } = interpretation ?? { space: 'PALETTE' };
  return { layout: { space, isSubsampled, isPlanar: planarConfiguration === 1 && !isSubsampled } };
}

function paletteFault({ samplesPerPixel = 1, bitsAllocated }: ColorAttributes): string | undefined {
  if (samplesPerPixel !== 1) {
    return `a palette needs 1 sample a pixel, and there are ${samplesPerPixel}`;
  }
  return INDEX_BITS.has(bitsAllocated)
    ? undefined
    : `palettes for stored values of ${bitsAllocated} bits are not read`;
}

function samplesFault(
  { samplesPerPixel, photometricInterpretation, bitsAllocated, columns }: ColorAttributes,
  interpretation: Interpretation | undefined,
): string | undefined {
  if (!interpretation) {
    const name = photometricInterpretation ?? 'unknown';
    return `${samplesPerPixel ?? 1} samples a pixel with the photometric interpretation ${name} are not read`;
  }
  if (samplesPerPixel !== 3) {
    return `${photometricInterpretation} needs 3 samples a pixel, and the header states ${samplesPerPixel ?? 'none'}`;
  }
  if (bitsAllocated !== SAMPLE_BITS) {
    return `colours of ${bitsAllocated} bits a sample are not read: a colour volume has ${SAMPLE_BITS}`;
  }
  // PS3.3 C.7.6.3.1.1, Columns.
  return interpretation.isSubsampled && columns % 2 !== 0
    ? `${photometricInterpretation} needs an even number of columns, and there are ${columns}`
    : undefined;
}
