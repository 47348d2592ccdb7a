import { withNuclearFramePlanes } from '../../../src/headers/readFramePlane.js';
import type { TestElement } from '../encodePart10.js';
import { sq, text, us } from '../imageElements.js';
import {
  enhancedImage,
  frameRescale,
  multiFrame,
  placeAlongZ,
  rescale,
  seriesOf,
  singleFrames,
  SPACING_IN_MM,
} from './writeSeries.js';
import { SLICES } from './frames.js';
import type { PixelFormat } from './frames.js';
import type { KindSeries, SeriesWriter } from './writeSeries.js';

const BITS_16: PixelFormat = { bitsAllocated: 16 };
const BITS_12: PixelFormat = { bitsAllocated: 16, bitsStored: 12 };
const BYTES: PixelFormat = { bitsAllocated: 8 };
const ONE_BIT: PixelFormat = { bitsAllocated: 1 };

/** Factors of single precision, and the product of them. */
const SINGLE_PRECISION = 2 ** -22;

/** 370 MBq of fluorine 18 for 70 kg, an hour before the series. */
const WEIGHT_IN_G = 70_000;
const DOSE_IN_BQ = 370_000_000;
const HALF_LIFE_IN_S = 6586.2;
const SUV_PER_BQ_ML = WEIGHT_IN_G / (DOSE_IN_BQ * 2 ** (-3600 / HALF_LIFE_IN_S));

const slopeOfPet = (slice: number): number => 0.25 + slice / 64;

function pet(
  units: string,
  { hasWeight = true, factor }: { readonly hasWeight?: boolean; readonly factor?: number } = {},
): (slice: number) => TestElement[] {
  return (slice) => [
    text(0x00080021, 'DA', '20240102'),
    text(0x00080022, 'DA', '20240102'),
    text(0x00080031, 'TM', '130000'),
    text(0x00080032, 'TM', '130000'),
    ...(hasWeight ? [text(0x00101030, 'DS', '70')] : []),
    text(0x00280051, 'CS', 'DECY\\ATTN'),
    ...rescale(slopeOfPet(slice), 0),
    sq(0x00540016, [
      text(0x00181072, 'TM', '120000'),
      text(0x00181074, 'DS', String(DOSE_IN_BQ)),
      text(0x00181075, 'DS', String(HALF_LIFE_IN_S)),
    ]),
    text(0x00541001, 'CS', units),
    text(0x00541102, 'CS', 'START'),
    ...(factor === undefined
      ? []
      : [
          text(0x70530010, 'LO', 'Philips PET Private Group'),
          text(0x70531000, 'DS', String(factor)),
        ]),
  ];
}

const petSeries = (
  units: string,
  factor: number,
  details: Parameters<typeof pet>[1] = {},
  more: Partial<KindSeries> = {},
): SeriesWriter => {
  return (syntax) =>
    seriesOf(
      singleFrames({ syntax, format: BITS_16, modality: 'PT', more: pet(units, details) }),
      (stored, slice) => stored * slopeOfPet(slice) * factor,
      { relativeError: SINGLE_PRECISION, ...more },
    );
};

const PHILIPS_FACTOR = 0.000_377;

/** A dose whose frames are at offsets from the first plane, or at z coordinates (PS3.3 C.8.8.3.2). */
function dose(format: PixelFormat, scaling: number, offsets: readonly number[]): SeriesWriter {
  return (syntax) => {
    const { instances, stored } = multiFrame({
      syntax,
      format,
      modality: 'RTDOSE',
      isPlaced: true,
      place: () => [-5, 7, offsets[0] === 0 ? 0 : (offsets[0] as number)],
      more: () => [
        text(0x3004000c, 'DS', offsets.join('\\')),
        text(0x3004000e, 'DS', String(scaling)),
      ],
    });
    const isDescending = (offsets[1] ?? 0) < (offsets[0] ?? 0);
    return seriesOf(
      { instances, stored: isDescending ? stored.toReversed() : stored },
      (value) => value * scaling,
      { relativeError: SINGLE_PRECISION },
    );
  };
}

/** Planes of nuclear medicine: the first, and the distance to the next (PS3.3 C.8.4.11, C.8.4.15). */
const NUCLEAR: readonly TestElement[] = [
  text(0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION'),
  text(0x00180088, 'DS', String(SPACING_IN_MM)),
  text(0x00280030, 'DS', '0.8\\0.7'),
  sq(0x00540022, [
    text(0x00200032, 'DS', placeAlongZ(0).join('\\')),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
  ]),
];

function segmentation(format: PixelFormat): SeriesWriter {
  return (syntax) =>
    seriesOf(
      enhancedImage({
        syntax,
        format,
        modality: 'SEG',
        more: () => [
          text(0x00620001, 'CS', 'BINARY'),
          sq(0x00620002, [us(0x00620004, 1), text(0x00620005, 'LO', 'Liver')]),
        ],
        groupsOfFrame: () => [sq(0x0062000a, [us(0x0062000b, 1)])],
      }),
    );
}

const reversed = (frame: number): number => SLICES - 1 - frame;

const slopeOfFrame = (slice: number): number => 1 + (slice % 3);

/** Writers of the kinds of modalities, by id. */
export const MODALITY_KINDS: Readonly<Record<string, SeriesWriter>> = {
  mr: (syntax) => seriesOf(singleFrames({ syntax, format: BITS_16, modality: 'MR' })),
  ctEnhanced: (syntax) =>
    seriesOf(
      enhancedImage({
        syntax,
        format: BITS_12,
        sliceOfFrame: reversed,
        groupsOfFrame: (slice) => [frameRescale(slopeOfFrame(slice), -1000)],
      }),
      (stored, slice) => stored * slopeOfFrame(slice) - 1000,
    ),
  mrEnhanced: (syntax) =>
    seriesOf(
      enhancedImage({
        syntax,
        format: BITS_16,
        modality: 'MR',
        sliceOfFrame: (frame) => (frame * 3) % SLICES,
      }),
    ),
  nm: (syntax) =>
    seriesOf(
      multiFrame({ syntax, format: BITS_16, modality: 'NM', more: () => NUCLEAR }),
      undefined,
      {
        // As `fetchSeries` registers such headers.
        changed: (json) =>
          withNuclearFramePlanes(json as Parameters<typeof withNuclearFramePlanes>[0]),
      },
    ),
  usVolume: (syntax) => seriesOf(enhancedImage({ syntax, format: BYTES, modality: 'US' })),
  usClip: (syntax) => seriesOf(multiFrame({ syntax, format: BYTES, modality: 'US' })),
  petSuv: petSeries(
    'BQML',
    SUV_PER_BQ_ML,
    {},
    {
      check: ({ scaling }) => {
        const { suvbw = Number.NaN } = (scaling?.PT ?? {}) as { readonly suvbw?: number };
        expect(suvbw / SUV_PER_BQ_ML).toBeCloseTo(1, 6);
      },
    },
  ),
  petNoWeight: petSeries('BQML', 1, { hasWeight: false }),
  petGml: petSeries('GML', 1),
  petPhilips: petSeries('CNTS', PHILIPS_FACTOR, { factor: PHILIPS_FACTOR }),
  dose16: dose(BITS_16, 0.001, [0, 2.5, 5, 7.5]),
  dose32: dose({ bitsAllocated: 32 }, 0.000_1, [20, 17.5, 15, 12.5]),
  doseSingle: (syntax) =>
    seriesOf(
      singleFrames({
        syntax,
        format: BITS_16,
        modality: 'RTDOSE',
        more: () => [text(0x3004000e, 'DS', '0.001')],
      }),
      (stored) => stored * 0.001,
      { relativeError: SINGLE_PRECISION },
    ),
  segmentation: segmentation(ONE_BIT),
  segmentationOdd: segmentation({ ...ONE_BIT, columns: 5, rows: 3 }),
};
