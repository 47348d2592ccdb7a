import { cellSpan } from './frameCells.js';
import type { FrameState } from './frameCells.js';

/** Where several frames share a pixel, the state that is last in this list is visible. */
const DRAWING_ORDER = [
  'loaded',
  'absent',
  'idle',
  'queued',
  'partial',
  'loading',
  'failed',
] as const;

/** Heights in CSS pixels, from the top: the marker's head, the cells, the marker's foot. */
const HEAD = 6;
const FOOT = 3;
/** How far failed cells protrude at each end. */
const FAILED_EXTRA = 3;
/** Between the frames of two time points, in CSS pixels. */
const GROUP_GAP = 2;
/** From this width on, a gap of one CSS pixel separates cells. */
const LEAST_WIDTH_WITH_GAP = 4;

/** The contents of the picture. */
export interface FrameStripContent {
  readonly states: readonly FrameState[];
  /** Whether pictures show another frame in place of one. */
  readonly isBorrowed: (frameIndex: number) => boolean;
  /** The marked slice, from 0, if any. */
  readonly slice: number | undefined;
  /** Gaps part groups of so many frames, the time points; at least as many as there are states: no groups. */
  readonly framesPerGroup: number;
  readonly colors: Readonly<Record<FrameState | 'marker', string>>;
}

/** Draws one cell per frame over the whole canvas, whose size follows the pixels of the screen. */
export function drawFrameStrip(
  canvas: HTMLCanvasElement,
  { states, isBorrowed, slice, framesPerGroup, colors }: FrameStripContent,
): void {
  const ratio = window.devicePixelRatio;
  fit(canvas, ratio);
  const { width, height } = canvas;
  const context = canvas.getContext('2d');
  if (!context || width === 0) {
    return;
  }
  context.clearRect(0, 0, width, height);
  const scaled = (length: number): number => Math.round(length * ratio);
  const gap = width / states.length >= LEAST_WIDTH_WITH_GAP * ratio ? scaled(1) : 0;
  for (const state of DRAWING_ORDER) {
    const inset = state === 'failed' ? 0 : scaled(FAILED_EXTRA);
    const top = scaled(HEAD) + inset;
    const bottom = height - scaled(FOOT) - inset;
    context.fillStyle = colors[state];
    for (let index = states.indexOf(state); index >= 0; index = states.indexOf(state, index + 1)) {
      const { start, end } = cellSpan(index, states.length, width);
      context.fillRect(start, top, end - start - gap, bottom - top);
      if (isBorrowed(index)) {
        // The lower third in the colour of what pictures show there.
        const third = Math.round((bottom - top) / 3);
        context.fillStyle = colors.loaded;
        context.fillRect(start, bottom - third, end - start - gap, third);
        context.fillStyle = colors[state];
      }
    }
  }
  for (let index = framesPerGroup; index < states.length; index += framesPerGroup) {
    const { start } = cellSpan(index, states.length, width);
    context.clearRect(start - scaled(1), 0, scaled(GROUP_GAP), height);
  }
  if (slice !== undefined && slice >= 0 && slice < states.length) {
    const { start, end } = cellSpan(slice, states.length, width);
    context.fillStyle = colors.marker;
    drawMarker(context, (start + end - gap) / 2, Math.max(end - start - gap, scaled(2)), ratio);
  }
}

/** A head above the cell and a foot below it, so that the state stays visible between them. */
function drawMarker(
  context: CanvasRenderingContext2D,
  middle: number,
  footWidth: number,
  ratio: number,
): void {
  const head = (HEAD - 1) * ratio;
  const foot = (FOOT - 1) * ratio;
  context.beginPath();
  context.moveTo(middle - head, 0);
  context.lineTo(middle + head, 0);
  context.lineTo(middle, head);
  context.fill();
  context.fillRect(middle - footWidth / 2, context.canvas.height - foot, footWidth, foot);
}

/** Setting a size clears the canvas and allocates its memory again, so it is set only when it differs. */
function fit(canvas: HTMLCanvasElement, ratio: number): void {
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
}
