/** What viewports show of a volume: input for the order of its frames. */
export interface FrameNeeds {
  /**
   * The slices that viewports in the acquisition plane show; the viewport that moved last comes first.
   */
  readonly slices: readonly SliceNeed[];
  /** Whether a viewport cuts across the slices, or shows all of them. */
  readonly acrossSlices: boolean;
}

/** A viewport in the acquisition plane. */
export interface SliceNeed {
  /** The slice in the middle of the view, from 0 in volume order. */
  readonly frameIndex: number;
  /** How many slices to each side are shown with it: 0, or more for a thick slab. */
  readonly radius: number;
  /** Direction of the last scroll: 1 towards higher indices, -1 towards lower ones, 0 before the first. */
  readonly direction: -1 | 0 | 1;
}

/**
 * Puts frames into the order in which they are requested.
 *
 * @param count - number of frames
 * @returns slice indices from 0, in volume order; slices that are left out come last
 */
export type FrameOrder = (count: number, needs: FrameNeeds) => readonly number[];

/** Views across the slices get every n-th frame before the others, at last with this step. */
export const COARSE_STEP = 4;
/** The steps that lead to it. */
const COARSE_STEPS = [16, 8, COARSE_STEP];

/** Number of slices in scroll direction that are fetched with the slice on screen. */
const SLICES_AHEAD = 8;

/** From the middle frame, `floor(count / 2)`, to both sides in turn. */
export function centerOut(count: number): number[] {
  return outwards(count, Math.floor(count / 2));
}

/** In volume order, from 0 to `count - 1`. */
export function topToBottom(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * Every 16th frame, then every 8th, 4th, 2nd and all the others, so that a view across the slices
 * is recognisable early.
 */
export function coarseToFine(count: number): number[] {
  return coarseSteps(count, [...COARSE_STEPS, 2, 1]);
}

/**
 * Slices on screen first: in the acquisition plane the slices that viewports show, with the next ones
 * in scroll direction; for views across the slices every 16th, 8th and 4th frame; then outwards from
 * the slice on screen. Where nobody has scrolled yet, the next ones of a slice come after those for views across the
 * slices, which are not recognisable before. Without viewports the same as {@link centerOut}.
 */
export function followViewports(count: number, needs: FrameNeeds): number[] {
  const { slices, acrossSlices } = needs;
  const shown = slices.flatMap((need) =>
    around(count, need, need.direction === 0 ? 0 : SLICES_AHEAD),
  );
  const coarse = acrossSlices ? coarseSteps(count, COARSE_STEPS) : [];
  const centre = slices[0]?.frameIndex ?? Math.floor(count / 2);
  const order = [...shown, ...coarse, ...slicesOnScreen(count, needs), ...outwards(count, centre)];
  return [...new Set(order)];
}

/** The slices that viewports in the acquisition plane show, with the next ones in scroll direction. */
export function slicesOnScreen(count: number, { slices }: FrameNeeds): number[] {
  return [...new Set(slices.flatMap((need) => around(count, need, SLICES_AHEAD)))];
}

/**
 * Frame indices from one frame outwards, to both sides in turn.
 *
 * @param centre - the frame that comes first; one beyond an end is taken as that end
 * @returns each index from 0 to `count - 1` once: centre, centre + 1, centre - 1, centre + 2 ...
 */
export function outwards(count: number, centre: number): number[] {
  const start = Math.min(Math.max(centre, 0), count - 1);
  const order: number[] = [];
  for (let distance = 0; order.length < count; distance++) {
    if (start + distance < count) {
      order.push(start + distance);
    }
    if (distance > 0 && start - distance >= 0) {
      order.push(start - distance);
    }
  }
  return order;
}

/** The slices of a viewport, the middle one first, and some next ones. */
function around(
  count: number,
  { frameIndex, radius, direction }: SliceNeed,
  aheadCount: number,
): number[] {
  const shown = outwards(2 * radius + 1, radius).map((offset) => frameIndex - radius + offset);
  const sides = direction === 0 ? [1, -1] : [direction];
  const ahead = Array.from({ length: aheadCount / sides.length }, (_, i) =>
    sides.map((side) => frameIndex + side * (radius + 1 + i)),
  ).flat();
  return [...shown, ...ahead].filter((index) => index >= 0 && index < count);
}

function coarseSteps(count: number, steps: readonly number[]): number[] {
  const all = topToBottom(count);
  return [...new Set(steps.flatMap((step) => all.filter((index) => index % step === 0)))];
}
