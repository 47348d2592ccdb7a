import type { StreamingImageVolume } from '../../../src/index.js';
import type { TestElement } from '../encodePart10.js';
import { imageElements, sq, text } from '../imageElements.js';
import type { Syntax } from './cells.mjs';
import { pixelElements, SLICES, valuesFor } from './frames.js';
import type { PixelFormat, StoredFrame } from './frames.js';
import type { KindInstance } from './openKind.js';

/** A series of a kind, and what a volume of it has to hold. */
export interface KindSeries {
  readonly instances: readonly KindInstance[];
  /** By slice, all components of a voxel and then the next; by time point and slice where there are several. */
  readonly voxels: readonly (readonly number[])[];
  /** Number of time points, for a dynamic volume. */
  readonly timePoints?: number;
  /** Options of the volume. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** By which a voxel may differ as a part of its value: single precision rounds factors and values. Default 0. */
  readonly relativeError?: number;
  /** Changes the DICOM JSON of an image before it is registered for `wadors:`. */
  readonly changed?: (json: object) => object;
  /** Further expectations of the loaded volume. */
  readonly check?: (volume: StreamingImageVolume) => void;
}

/** Writes the series of a kind for a transfer syntax. */
export type SeriesWriter = (syntax: Syntax) => KindSeries;

let seriesCount = 0;

/** A UID that no other series has. */
export function newSeriesUid(): string {
  seriesCount += 1;
  return `1.2.826.21.${seriesCount}`;
}

/** Distance between slices in mm. */
export const SPACING_IN_MM = 2.5;

/** What the images of a stack have in common. */
export interface StackOptions {
  readonly syntax: Syntax;
  readonly format: PixelFormat;
  /** Default CT. */
  readonly modality?: string;
  /** Default {@link SLICES}. */
  readonly count?: number;
  /** Stored values of a slice. Default: all kinds of values that the format has. */
  readonly values?: (slice: number) => readonly number[];
  /** Further elements of a slice, or replacements; of the only file where there is one. */
  readonly more?: (slice: number) => readonly TestElement[];
  /** Position of a slice in mm. Default: along z. */
  readonly place?: (slice: number) => readonly number[];
}

/** Images of one frame, and the stored values of each. */
export interface Stack {
  readonly instances: readonly KindInstance[];
  /** By slice. */
  readonly stored: readonly (readonly number[])[];
}

/** Writes a stack of images with one frame each. */
export function singleFrames(options: StackOptions): Stack {
  const { format, modality = 'CT', more = () => [], place = placeAlongZ } = options;
  const series = newSeriesUid();
  const stored = storedOf(options);
  const instances = stored.map((values, slice) => ({
    elements: imageElements({
      series,
      number: slice + 1,
      modality,
      position: place(slice),
      more: [...pixelElements(format), ...more(slice)],
    }).filter(isOfFormat(format)),
    frames: [{ format, values }],
  }));
  return { instances, stored };
}

/** Writes one image whose frames have these elements in their functional groups (PS3.3 C.7.6.16). */
export function enhancedImage(
  options: StackOptions & {
    /** Which slice a frame is. Default: the same. */
    readonly sliceOfFrame?: (frame: number) => number;
    readonly groupsOfFrame?: (slice: number) => readonly TestElement[];
  },
): Stack {
  const { sliceOfFrame = (frame) => frame, groupsOfFrame = () => [] } = options;
  const { place = placeAlongZ, more = () => [] } = options;
  const shared = [
    sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
    sq(0x00289110, [text(0x00180050, 'DS', '2.5'), text(0x00280030, 'DS', '0.8\\0.7')]),
  ];
  const { count = SLICES } = options;
  const slices = Array.from({ length: count }, (_, frame) => sliceOfFrame(frame));
  const groups = slices.map((slice) =>
    [
      sq(0x00209113, [text(0x00200032, 'DS', place(slice).join('\\'))]),
      ...groupsOfFrame(slice),
    ].sort((a, b) => a.tag - b.tag),
  );
  return multiFrame({
    ...options,
    sliceOfFrame,
    more: () => [...more(0), sq(0x52009229, shared), sq(0x52009230, ...groups)],
  });
}

/** Writes one image of many frames without functional groups; `place` is in its header where given. */
export function multiFrame(
  options: StackOptions & {
    readonly sliceOfFrame?: (frame: number) => number;
    readonly isPlaced?: boolean;
  },
): Stack {
  const { format, modality = 'CT', more = () => [], sliceOfFrame = (frame) => frame } = options;
  const { place = placeAlongZ, isPlaced = false } = options;
  const stored = storedOf(options);
  const elements = imageElements({
    series: newSeriesUid(),
    number: 1,
    modality,
    frames: stored.length,
    ...(isPlaced ? { position: place(0) } : {}),
    more: [...pixelElements(format), ...more(0)],
  }).filter(isOfFormat(format));
  const frames = stored.map((_, frame): StoredFrame => {
    return { format, values: stored[sliceOfFrame(frame)] as readonly number[] };
  });
  return { instances: [{ elements, frames }], stored };
}

export function placeAlongZ(slice: number): number[] {
  return [-5, 7, SPACING_IN_MM * slice];
}

function storedOf({ syntax, format, count = SLICES, values }: StackOptions): (readonly number[])[] {
  return Array.from({ length: count }, (_, slice) => {
    return values?.(slice) ?? valuesFor(format, syntax, slice + 1);
  });
}

const FLOAT_HAS_NO: ReadonlySet<number> = new Set([0x00280101, 0x00280102, 0x00280103]);

/** Floating point pixels have no bits stored (PS3.3 C.7.6.24). */
function isOfFormat({ pixelData = 'integer' }: PixelFormat): (element: TestElement) => boolean {
  return ({ tag }) => pixelData === 'integer' || !FLOAT_HAS_NO.has(tag);
}

/** Rescale Slope and Intercept (PS3.3 C.11.1). */
export function rescale(slope: number, intercept: number): TestElement[] {
  return [text(0x00281052, 'DS', String(intercept)), text(0x00281053, 'DS', String(slope))];
}

/** The rescale of a frame, in its Pixel Value Transformation (PS3.3 C.7.6.16.2.9). */
export function frameRescale(slope: number, intercept: number): TestElement {
  return sq(0x00289145, [...rescale(slope, intercept), text(0x00281054, 'LO', 'US')]);
}

/** A series whose voxels are its stored values, or computed from each. */
export function seriesOf(
  { instances, stored }: Stack,
  value: (stored: number, slice: number) => number = (each) => each,
  more: Partial<KindSeries> = {},
): KindSeries {
  const voxels = stored.map((values, slice) => values.map((each) => value(each, slice)));
  return { instances, voxels, ...more };
}
