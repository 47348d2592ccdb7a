import type { RenderingEngine } from '@cornerstonejs/core';
import { Enums, getRenderingEngine } from '@cornerstonejs/core';
import { VolumeNotifier } from '../../src/volume/VolumeNotifier.js';
import { eventsOf } from '../support/events.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { GREY_RANGE, heldVolume } from '../rendering/support/heldVolume.js';
import { createEngine, Pane, showPlane } from '../rendering/support/Pane.js';

const INTERVAL = 100;

/** A timer that runs when the spec says so. */
class ManualTimer {
  readonly intervals: number[] = [];
  #run: (() => void) | undefined;

  readonly start = (run: () => void, milliseconds: number): (() => void) => {
    expect(this.#run).withContext('timers under way').toBeUndefined();
    this.intervals.push(milliseconds);
    this.#run = run;
    return () => {
      this.#run = undefined;
    };
  };

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  elapse(): void {
    const run = this.#run;
    this.#run = undefined;
    run?.();
  }
}

describe('VolumeNotifier', () => {
  let timer: ManualTimer;
  let notifier: VolumeNotifier;
  let framesProcessed: number;
  let isLoadingOnScreen: boolean;
  let renders: jasmine.Spy;
  let pane: Pane;

  beforeEach(async () => {
    startDrawing();
    const { volume } = await heldVolume();
    pane = await showPlane(volume, 'axial', GREY_RANGE);
    renders = spyOnRenders(pane);
    timer = new ManualTimer();
    framesProcessed = 0;
    isLoadingOnScreen = false;
    notifier = new VolumeNotifier(
      {
        volumeId: volume.volumeId,
        frameOfReferenceUID: '1.2.3',
        frameCount: 20,
        progress: () => ({
          framesLoaded: framesProcessed,
          framesFailed: 0,
          framesAbsent: 0,
          framesTotal: 20,
          bytesReceived: 0,
          bytesPerSecond: 0,
          secondsLeft: undefined,
        }),
        isLoadingOnScreen: () => isLoadingOnScreen,
      },
      INTERVAL,
      timer.start,
    );
  });

  afterEach(() => {
    notifier.dispose();
    stopDrawing();
  });

  // The registry has what is behind the RenderingEngine that applications hold.
  function spyOnRenders({ engine }: Pane): jasmine.Spy {
    return spyOn(getRenderingEngine(engine.id) as RenderingEngine, 'renderViewports');
  }

  function frameChanged(): void {
    framesProcessed += 1;
    notifier.frameChanged();
  }

  it('tells of the first frame at once', () => {
    const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    frameChanged();
    expect(renders.calls.allArgs()).toEqual([[[pane.viewport.id]]]);
    expect(details.length).toBe(1);
    expect(details[0]).toEqual(
      jasmine.objectContaining({
        FrameOfReferenceUID: '1.2.3',
        numberOfFrames: 20,
        framesProcessed: 1,
      }),
    );
  });

  it('tells of the following frames together, once in each interval', () => {
    const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    const processed = (): number[] =>
      (details as { framesProcessed: number }[]).map((detail) => detail.framesProcessed);
    for (let i = 0; i < 5; i++) {
      frameChanged();
    }
    expect(processed()).toEqual([1]);
    timer.elapse();
    expect(processed()).toEqual([1, 5]);
    frameChanged();
    frameChanged();
    expect(processed()).toEqual([1, 5]);
    timer.elapse();
    expect(processed()).toEqual([1, 5, 7]);
    expect(renders).toHaveBeenCalledTimes(3);
    expect(timer.intervals).toEqual([INTERVAL, INTERVAL, INTERVAL]);
  });

  it('tells of a frame at once that a viewport waits for, and of the others as before', () => {
    frameChanged();
    frameChanged();
    notifier.frameChanged(true);
    expect(renders).toHaveBeenCalledTimes(2);
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(2);
    notifier.dispose();
    notifier.frameChanged(true);
    expect(renders).toHaveBeenCalledTimes(2);
  });

  it('draws nothing else for an interval while a slice on screen is on its way', () => {
    isLoadingOnScreen = true;
    frameChanged();
    expect(renders).not.toHaveBeenCalled();
    isLoadingOnScreen = false;
    notifier.frameChanged(true);
    expect(renders).toHaveBeenCalledTimes(1);
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(1);
    expect(timer.isRunning).toBeFalse();
  });

  it('leaves out no more than every second render for a slice that is long on its way', () => {
    isLoadingOnScreen = true;
    frameChanged();
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(1);
    frameChanged();
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(1);
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(2);
    expect(timer.intervals).toEqual([INTERVAL, INTERVAL, INTERVAL, INTERVAL]);
  });

  it('is silent, and at once again, when no frame came in an interval', () => {
    frameChanged();
    timer.elapse();
    expect(timer.isRunning).toBeFalse();
    expect(renders).toHaveBeenCalledTimes(1);
    frameChanged();
    expect(renders).toHaveBeenCalledTimes(2);
  });

  it('tells the rest when it is flushed, once', () => {
    frameChanged();
    frameChanged();
    notifier.flush();
    expect(renders).toHaveBeenCalledTimes(2);
    notifier.flush();
    timer.elapse();
    expect(renders).toHaveBeenCalledTimes(2);
  });

  it('tells nothing after it was disposed of', async () => {
    frameChanged();
    frameChanged();
    notifier.requestRender();
    notifier.dispose();
    expect(timer.isRunning).toBeFalse();
    notifier.flush();
    frameChanged();
    await Promise.resolve();
    expect(renders).toHaveBeenCalledTimes(1);
  });

  it('asks for a render from within a render', async () => {
    const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    renders.and.callThrough();
    pane.element.addEventListener(
      Enums.Events.IMAGE_RENDERED,
      () => {
        notifier.requestRender();
      },
      { once: true },
    );
    const asked = pane.nextRender();
    pane.viewport.render();
    await asked;
    await pane.nextRender();
    expect(renders.calls.allArgs()).toEqual([[[pane.viewport.id]]]);
    expect(details).toEqual([]);
  });

  it('asks each engine for the viewports that show the volume, and for no other', async () => {
    const other = await heldVolume();
    const empty = new Pane(Enums.ViewportType.ORTHOGRAPHIC, { engine: pane.engine });
    const stack = new Pane(Enums.ViewportType.STACK, { engine: pane.engine });
    const ofOther = await showPlane(other.volume, 'axial', GREY_RANGE, createEngine());
    const otherRenders = spyOnRenders(ofOther);
    renders.calls.reset();
    frameChanged();
    expect(renders.calls.allArgs()).toEqual([[[pane.viewport.id]]]);
    expect(otherRenders).not.toHaveBeenCalled();
    expect([empty, stack].map(({ viewport }) => viewport.id)).not.toContain(pane.viewport.id);
  });

  it('is what a volume tells with', async () => {
    const { volume, arrive } = await heldVolume({ renderIntervalMs: 0 });
    const shown = await showPlane(volume, 'axial', GREY_RANGE);
    const own = spyOnRenders(shown);
    renders.calls.reset();
    void volume.load();
    await arrive([3]);
    await until(() => own.calls.any());
    expect(own.calls.allArgs()).toEqual([[[shown.viewport.id]]]);
    expect(renders).not.toHaveBeenCalled();
  });
});
