import { Enums, utilities as coreUtilities } from '@cornerstonejs/core';
import { utilities } from '@cornerstonejs/tools';
import { ballSeries, BALL_SIZE } from './support/ballSeries.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import type { MeasuredVolume } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';
import type { VolumePane } from './support/showVolume.js';

const { playClip, stopClip, Events } = utilities.cine;
/** Takes the steps from slice to slice for the number of slices, so that clips leave out the last one. */
const LAST = BALL_SIZE[2] - 2;

type ClipOptions = Parameters<typeof playClip>[1];

describe('A clip of the slices of a volume', () => {
  let series: ReturnType<typeof ballSeries>;
  let nextStep: (() => void) | undefined;

  beforeEach(() => {
    series = ballSeries();
    // Steps come when the spec says, not with time.
    spyOn(window, 'setInterval').and.callFake(((step: () => void) => {
      nextStep = step;
      return 1;
    }) as never);
    spyOn(window, 'clearInterval').and.callFake(() => {
      nextStep = undefined;
    });
  });

  afterEach(() => {
    series.dispose();
  });

  /** The step that is due; undefined where no clip plays. */
  const stepOf = (): (() => void) | undefined => nextStep;

  /** What a clip shows, slice by slice, and what it tells. */
  interface Played {
    readonly slices: number[];
    readonly events: string[];
    readonly isOver: boolean;
  }

  async function play(
    { volume }: MeasuredVolume,
    { from, steps, options }: { from: number; steps: number; options: ClipOptions },
  ): Promise<Played> {
    const pane = await showVolume(volume);
    await goTo(pane, from);
    const slices: number[] = [];
    const events: string[] = [];
    const { element } = pane.viewport;
    element.addEventListener(Enums.Events.VOLUME_NEW_IMAGE, ((
      event: CustomEvent<{ imageIndex: number }>,
    ) => {
      slices.push(event.detail.imageIndex);
    }) as EventListener);
    for (const type of [Events.CLIP_STARTED, Events.CLIP_STOPPED]) {
      element.addEventListener(type, () => events.push(type));
    }
    nextStep = undefined;
    playClip(element, options);
    for (let step = 0; step < steps; step++) {
      stepOf()?.();
    }
    await pane.render();
    const isOver = stepOf() === undefined;
    stopClip(element);
    expect(stepOf()).toBeUndefined();
    return { slices, events, isOver };
  }

  async function goTo({ viewport }: VolumePane, slice: number): Promise<void> {
    coreUtilities.scroll(viewport as never, { delta: slice - viewport.getSliceIndex() });
    expect(viewport.getSliceIndex()).toBe(slice);
  }

  const turns: [string, { from: number; steps: number; options: ClipOptions }, Played][] = [
    [
      'goes on from the slice that is shown, and from the last to the first',
      { from: LAST - 2, steps: 5, options: { framesPerSecond: 24 } },
      { slices: [LAST - 1, LAST, 0, 1, 2], events: [Events.CLIP_STARTED], isOver: false },
    ],
    [
      'goes backwards',
      { from: 1, steps: 3, options: { framesPerSecond: -24 } },
      { slices: [0, LAST, LAST - 1], events: [Events.CLIP_STARTED], isOver: false },
    ],
    [
      'turns at the ends',
      { from: LAST - 1, steps: 3, options: { framesPerSecond: 24, bounce: true } },
      { slices: [LAST, LAST - 1, LAST - 2], events: [Events.CLIP_STARTED], isOver: false },
    ],
    [
      'ends at its last slice and says so, where it is not to begin anew',
      { from: LAST - 1, steps: 4, options: { framesPerSecond: 24, loop: false } },
      {
        slices: [LAST],
        events: [Events.CLIP_STARTED, Events.CLIP_STOPPED],
        isOver: true,
      },
    ],
  ];

  for (const [what, clip, played] of turns) {
    it(what, async () => {
      const both = await onBothLoaders((measured) => play(measured, clip), series);
      expectSame(both);
      expect(both.ours).toEqual(played);
    });
  }
});
