import { Enums } from '@cornerstonejs/core';
import type { RenderScheduler } from '../../src/volume/drawing/RenderScheduler.js';
import { VOLUME_PROGRESS } from '../../src/base/volumeEvents.js';
import { VolumeNotifier } from '../../src/volume/VolumeNotifier.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { eventsOf } from '../support/events.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { GREY_RANGE, heldVolume } from '../rendering/support/heldVolume.js';
import { showPlanarNext } from '../rendering/support/Pane.js';
import { itDraws } from '../support/itDraws.js';

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
  let isSparse: boolean;
  let isComplete: boolean;
  let requests: jasmine.Spy<RenderScheduler['request']>;
  let rendersNow: jasmine.Spy<RenderScheduler['renderNow']>;
  let ends: jasmine.Spy<RenderScheduler['endLoad']>;

  beforeEach(() => {
    startCornerstone();
    timer = new ManualTimer();
    framesProcessed = 0;
    isLoadingOnScreen = false;
    isSparse = false;
    isComplete = false;
    requests = jasmine.createSpy('request');
    rendersNow = jasmine.createSpy('renderNow');
    ends = jasmine.createSpy('endLoad');
    notifier = createNotifier('volume');
  });

  afterEach(() => {
    notifier.dispose();
    stopCornerstone();
  });

  function createNotifier(volumeId: string): VolumeNotifier {
    const scheduler = { request: requests, renderNow: rendersNow, endLoad: ends };
    return new VolumeNotifier(
      {
        volumeId,
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
        isComplete: () => isComplete,
        isSparse: () => isSparse,
      },
      { renderIntervalMs: INTERVAL, renderShare: 0.5, timer: timer.start, scheduler },
    );
  }

  function frameChanged(): void {
    framesProcessed += 1;
    notifier.frameChanged();
  }

  it('tells the scheduler whether the slices that are there make a picture', () => {
    const told = (): unknown[] => requests.calls.allArgs().map(([{ isSparse: it }]) => it);
    isSparse = true;
    frameChanged();
    isSparse = false;
    frameChanged();
    timer.elapse();
    expect(told()).toEqual([true, false]);
  });

  it('tells of the first frame at once', () => {
    const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    frameChanged();
    expect(requests).toHaveBeenCalledOnceWith({
      terms: { volumeId: 'volume', share: 0.5, intervalMs: INTERVAL },
      onScreen: [],
      isSparse: false,
      announce: jasmine.any(Function),
    });
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
    expect(requests).toHaveBeenCalledTimes(3);
    expect(timer.intervals).toEqual([INTERVAL, INTERVAL, INTERVAL]);
  });

  it('tells of a frame at once that a viewport waits for, and of the others as before', () => {
    frameChanged();
    frameChanged();
    notifier.frameChanged(['engine axial']);
    expect(requests).toHaveBeenCalledTimes(2);
    expect(requests.calls.mostRecent().args[0].onScreen).toEqual(['engine axial']);
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(2);
    notifier.dispose();
    notifier.frameChanged(['engine axial']);
    expect(requests).toHaveBeenCalledTimes(2);
  });

  it('draws nothing else for an interval while a slice on screen is on its way', () => {
    isLoadingOnScreen = true;
    frameChanged();
    expect(requests).not.toHaveBeenCalled();
    isLoadingOnScreen = false;
    isSparse = false;
    notifier.frameChanged(['engine axial']);
    expect(requests).toHaveBeenCalledTimes(1);
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(1);
    expect(timer.isRunning).toBeFalse();
  });

  it('leaves out no more than every second render for a slice that is long on its way', () => {
    isLoadingOnScreen = true;
    frameChanged();
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(1);
    frameChanged();
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(1);
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(2);
    expect(timer.intervals).toEqual([INTERVAL, INTERVAL, INTERVAL, INTERVAL]);
  });

  it('is silent, and at once again, when no frame came in an interval', () => {
    frameChanged();
    timer.elapse();
    expect(timer.isRunning).toBeFalse();
    expect(requests).toHaveBeenCalledTimes(1);
    frameChanged();
    expect(requests).toHaveBeenCalledTimes(2);
  });

  it('tells the rest when it is flushed, once', () => {
    frameChanged();
    frameChanged();
    expect(ends).not.toHaveBeenCalled();
    notifier.flush();
    expect(requests).toHaveBeenCalledTimes(2);
    // What waits for the budget is drawn.
    expect(ends).toHaveBeenCalledOnceWith('volume');
    notifier.flush();
    timer.elapse();
    expect(requests).toHaveBeenCalledTimes(2);
  });

  it('tells nothing after it was disposed of', async () => {
    frameChanged();
    frameChanged();
    notifier.requestRender();
    notifier.dispose();
    notifier.uploadPending();
    expect(timer.isRunning).toBeFalse();
    notifier.flush();
    frameChanged();
    await Promise.resolve();
    expect(requests).toHaveBeenCalledTimes(1);
    expect(rendersNow).not.toHaveBeenCalled();
    expect(ends).toHaveBeenCalledWith('volume');
  });

  it('draws at once, but not during a render, what no frame asks for', async () => {
    const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
    notifier.requestRender();
    expect(rendersNow).not.toHaveBeenCalled();
    await Promise.resolve();
    expect(rendersNow).toHaveBeenCalledOnceWith('volume');
    expect(details).toEqual([]);
  });

  it('draws slices that remain to be uploaded within the budget, and without it after the last frame', () => {
    notifier.uploadPending();
    expect(requests).toHaveBeenCalledTimes(1);
    expect(ends).not.toHaveBeenCalled();
    isComplete = true;
    notifier.uploadPending();
    expect(requests).toHaveBeenCalledTimes(2);
    expect(ends).toHaveBeenCalledOnceWith('volume');
  });
});

describe('VolumeNotifier with generic viewports, which render on IMAGE_VOLUME_MODIFIED', () => {
  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
  });

  itDraws(
    'leaves the event to the render, and sends it with the last frame in any case',
    async () => {
      const { volume } = await heldVolume();
      await showPlanarNext(volume, 'axial', GREY_RANGE);
      const scheduler = jasmine.createSpyObj<RenderScheduler>(['request', 'renderNow', 'endLoad']);
      let framesLoaded = 0;
      const timer = new ManualTimer();
      const notifier = new VolumeNotifier(
        {
          volumeId: volume.volumeId,
          frameOfReferenceUID: '1.2.3',
          frameCount: 20,
          progress: () => ({ ...volume.progress, framesLoaded, framesFailed: 0, framesAbsent: 0 }),
          isLoadingOnScreen: () => false,
          isComplete: () => false,
          isSparse: () => false,
        },
        { renderIntervalMs: INTERVAL, renderShare: 0.5, timer: timer.start, scheduler },
      );
      const { details } = eventsOf(Enums.Events.IMAGE_VOLUME_MODIFIED);
      const told = eventsOf(VOLUME_PROGRESS);
      framesLoaded = 1;
      notifier.frameChanged();
      expect(details.length).toBe(0);
      expect(told.details.length).toBe(1);
      framesLoaded = 2;
      const { announce } = scheduler.request.calls.mostRecent().args[0];
      announce();
      announce();
      expect(details).toEqual([jasmine.objectContaining({ framesProcessed: 2 })]);
      framesLoaded = 3;
      notifier.frameChanged();
      notifier.flush();
      expect(details.at(-1)).toEqual(jasmine.objectContaining({ framesProcessed: 3 }));
      announce();
      expect(details.length).toBe(2);
      // The last frame was told of already, and its render waits: it would be lost with the end of the load.
      framesLoaded = 4;
      notifier.frameChanged();
      timer.elapse();
      expect(details.length).toBe(2);
      notifier.flush();
      expect(details.at(-1)).toEqual(jasmine.objectContaining({ framesProcessed: 4 }));
      expect(details.length).toBe(3);
      notifier.dispose();
    },
  );
});
