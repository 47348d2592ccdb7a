import type { FrameMetadata, Vector3, VolumeGeometry } from '../base/types.js';
import { volumeGeometry } from './describeVolume.js';
import { groupByPosition } from './eligibility/duplicatePositions.js';
import { pixelInMm, placeFrames, planeAxes, pointAlong } from './planeAxes.js';
import type { PlacedFrame } from './planeAxes.js';

/** A frame that a slice is made of. */
export interface SliceSource {
  /** Index into the frames that were given, from 0. */
  readonly sourceIndex: number;
  /** Part of the slice; the weights of one slice add up to 1. */
  readonly weight: number;
  /** Columns and rows from a pixel of the frame to its place in the slice, from 0, with fractions. */
  readonly shift: readonly [number, number];
}

/** One slice of the grid. */
export interface GridSlice {
  /** Centre of its first pixel in mm. */
  readonly position: Vector3;
  /** The frame in the plane of the slice, or the frames on both sides of it. */
  readonly sources: readonly SliceSource[];
  /** Whether the slice is one unchanged frame. */
  readonly isFrame: boolean;
}

/** An upright, regular grid, and the frames that its slices are made of. */
export interface StackResampling {
  /** Its columns and rows may be more than those of the frames. */
  readonly geometry: VolumeGeometry;
  /** Ascending along the normal. */
  readonly slices: readonly GridSlice[];
  /** Source indices of frames at a position that another frame has. */
  readonly leftOut: readonly number[];
  /** Largest distance along the normal of a frame from the slice that it alone makes, in mm. */
  readonly worstOffsetInMm: number;
}

/** The frames that a resampled volume is made of. */
export interface VolumeResampling {
  /** The frames that are requested, all of one size. */
  readonly sources: readonly FrameMetadata[];
  /** By sliceIndex the parts of the slice; `sourceIndex` is an index into {@link sources}. */
  readonly slices: readonly (readonly SliceSource[])[];
  /** Value of voxels without a pixel in any frame. */
  readonly padding: number;
}

/** How a stack is resampled. */
export interface ResamplingOptions {
  /** The usual distance between neighbours, above 0. */
  readonly spacingInMm: number;
  /** A frame that is no farther from the plane of a slice lies in it. */
  readonly inPlaceInMm: number;
  /** Frames that are no farther apart, as a part of a pixel, are at the same position. */
  readonly samePositionInPixels: number;
  /** Whether frames are moved by their offsets in plane. Otherwise these are ignored. */
  readonly isSheared: boolean;
}

/** Shares of a pixel and of a slice below which a difference is rounding. */
const ROUNDING = 1e-6;

/**
 * Lays an upright, regular grid over a stack, in the patient coordinate system (PS3.3 C.7.6.2.1.1).
 *
 * It begins and ends with the planes of the first and the last frame. The distance between its slices is the usual
 * one, adjusted to divide the extent evenly. In plane it holds every pixel of every frame.
 *
 * @param frames - in any order, with one orientation and one size, not all in one plane. Not changed
 * @throws TypeError when there are fewer than two
 */
export function resampleStack(
  frames: readonly FrameMetadata[],
  { spacingInMm, inPlaceInMm, samePositionInPixels, isSheared }: ResamplingOptions,
): StackResampling {
  const [reference] = frames;
  if (!reference || frames.length < 2) {
    throw new TypeError(`Expected at least 2 frames, got ${frames.length}`);
  }
  const placed = placeFrames(frames, reference.imageOrientationPatient);
  const sameInMm = samePositionInPixels * pixelInMm(reference);
  const { distinct, sharing } = groupByPosition(placed, sameInMm);
  const kept = new Set(sharing.map(firstGiven));
  const stack = distinct.map((_, place) => firstGiven(sharing[place] ?? []));
  const [first, last] = [stack[0], stack.at(-1)] as [PlacedFrame, PlacedFrame];
  const extent = last.along - first.along;
  const steps = Math.max(1, Math.round(extent / spacingInMm));
  const spacing = extent / steps;
  const box = inPlaneBox(stack, reference, isSheared);
  const { row, column, normal } = planeAxes(reference.imageOrientationPatient);
  const firstFrame = frames[first.sourceIndex] ?? reference;
  const corner = firstFrame.imagePositionPatient;
  const offset = isSheared ? box.offsetFrom(first) : ([0, 0] as const);
  const start = pointAlong(pointAlong(corner, row, -offset[0]), column, -offset[1]);
  const positionOf = (slice: number): Vector3 => pointAlong(start, normal, slice * spacing);
  const inPlace = Math.max(inPlaceInMm, ROUNDING * spacing);
  let worstOffsetInMm = 0;
  const slices = Array.from({ length: steps + 1 }, (_, slice): GridSlice => {
    const along = first.along + slice * spacing;
    const around = framesAt(stack, along, inPlace);
    const sources = around.map(({ frame, weight }) => ({
      sourceIndex: frame.sourceIndex,
      weight,
      shift: isSheared ? box.shiftOf(frame) : ([0, 0] as const),
    }));
    const [alone, other] = around;
    if (alone && !other) {
      worstOffsetInMm = Math.max(worstOffsetInMm, Math.abs(alone.frame.along - along));
    }
    const isFrame =
      sources.length === 1 && !box.isEnlarged && sources[0]?.shift.every((part) => part === 0);
    return { position: positionOf(slice), sources, isFrame: isFrame === true };
  });
  const geometry = volumeGeometry(
    {
      ...firstFrame,
      columns: reference.columns + box.added[0],
      rows: reference.rows + box.added[1],
      imagePositionPatient: positionOf(0),
    },
    slices.length,
    spacing,
  );
  const leftOut = placed.filter((frame) => !kept.has(frame)).map(({ sourceIndex }) => sourceIndex);
  return { geometry, slices, leftOut, worstOffsetInMm };
}

function firstGiven(sharing: readonly PlacedFrame[]): PlacedFrame {
  return sharing.reduce((a, b) => (b.sourceIndex < a.sourceIndex ? b : a));
}

/** The frame in a plane, or those on both sides of it, by the distance from each. */
function framesAt(
  stack: readonly PlacedFrame[],
  along: number,
  inPlaceInMm: number,
): { frame: PlacedFrame; weight: number }[] {
  const found = stack.findIndex((frame) => frame.along >= along);
  const behind = stack[found < 0 ? stack.length - 1 : found] as PlacedFrame;
  const before = stack[(found < 0 ? stack.length : found) - 1] ?? behind;
  const distance = ({ along: other }: PlacedFrame): number => Math.abs(other - along);
  const nearest = distance(before) < distance(behind) ? before : behind;
  if (distance(nearest) <= inPlaceInMm || before === behind) {
    return [{ frame: nearest, weight: 1 }];
  }
  const weight = distance(before) / (behind.along - before.along);
  return [
    { frame: before, weight: 1 - weight },
    { frame: behind, weight },
  ];
}

interface InPlaneBox {
  /** Columns and rows more than a frame has. */
  readonly added: readonly [number, number];
  readonly isEnlarged: boolean;
  /** From the corner of the box to that of a frame, in mm along row and column. */
  readonly offsetFrom: (frame: PlacedFrame) => readonly [number, number];
  /** The same in columns and rows. */
  readonly shiftOf: (frame: PlacedFrame) => readonly [number, number];
}

function inPlaneBox(
  stack: readonly PlacedFrame[],
  { pixelSpacing: [betweenRows, betweenColumns] }: FrameMetadata,
  isSheared: boolean,
): InPlaneBox {
  const pixel = [betweenColumns, betweenRows] as const;
  const offsets = (axis: 0 | 1): number[] => stack.map(({ inPlane }) => inPlane[axis]);
  const corner = [Math.min(...offsets(0)), Math.min(...offsets(1))] as const;
  const shift = ({ inPlane }: PlacedFrame, axis: 0 | 1): number => {
    const pixels = (inPlane[axis] - corner[axis]) / pixel[axis];
    return Math.abs(pixels - Math.round(pixels)) < ROUNDING ? Math.round(pixels) : pixels;
  };
  const most = (axis: 0 | 1): number =>
    isSheared ? Math.ceil(Math.max(...stack.map((frame) => shift(frame, axis)))) : 0;
  const added = [most(0), most(1)] as const;
  return {
    added,
    isEnlarged: added.some((count) => count > 0),
    offsetFrom: ({ inPlane }) => [inPlane[0] - corner[0], inPlane[1] - corner[1]],
    shiftOf: (frame) => [shift(frame, 0), shift(frame, 1)],
  };
}
