import { Enums, getRenderingEngine, triggerEvent } from '@cornerstonejs/core';
import type { RenderingEngine } from '@cornerstonejs/core';
import { viewportKey } from '../../../src/loading/schedule/ViewportFollower.js';
import type { StreamingImageVolume } from '../../../src/index.js';
import type { DrawingTerms } from '../../../src/volume/drawing/DrawingBudget.js';
import type { RenderClock } from '../../../src/volume/drawing/RenderClock.js';
import { RenderScheduler } from '../../../src/volume/drawing/RenderScheduler.js';
import { startDrawing, stopDrawing } from '../../rendering/support/drawing.js';
import { GREY_RANGE, heldVolume } from '../../rendering/support/heldVolume.js';
import { createEngine, Pane, showPlanarNext, showPlane } from '../../rendering/support/Pane.js';

/** A clock, animation frames and a GPU that the spec drives. */
class ManualClock implements RenderClock {
  /** Whether fences are passed. */
  isGPUDone = false;
  /** Whether contexts are lost. */
  isLost = false;
  fences = 0;
  #now = 1000;
  #frames: (() => void)[] = [];
  #timers: { dueAt: number; run: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  readonly timer = (run: () => void, milliseconds: number): (() => void) => {
    const timer = { dueAt: this.#now + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((each) => each !== timer);
    };
  };

  onFrame(run: () => void): () => void {
    this.#frames.push(run);
    return () => {
      this.#frames = this.#frames.filter((each) => each !== run);
    };
  }

  insertFence(): ReturnType<RenderClock['insertFence']> {
    if (this.isLost) {
      return undefined;
    }
    this.fences += 1;
    return {
      isPassed: () => this.isGPUDone,
      delete: () => {
        this.fences -= 1;
      },
    };
  }

  frame(): void {
    const frames = this.#frames;
    this.#frames = [];
    frames.forEach((run) => {
      run();
    });
  }

  /** Work without timers. */
  busy(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Lets time pass, with the timers in it. */
  pass(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#timers
        .filter(({ dueAt }) => dueAt <= end)
        .sort((a, b) => a.dueAt - b.dueAt);
      if (!next) {
        break;
      }
      this.#timers = this.#timers.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.run();
    }
    this.#now = end;
  }

  get timers(): number {
    return this.#timers.length;
  }
}

describe('RenderScheduler', () => {
  let clock: ManualClock;
  let scheduler: RenderScheduler;
  let announce: jasmine.Spy;

  beforeEach(() => {
    startDrawing();
    clock = new ManualClock();
    scheduler = new RenderScheduler(clock);
    announce = jasmine.createSpy('announce');
  });

  afterEach(() => {
    stopDrawing();
  });

  function termsOf({ volumeId }: StreamingImageVolume, share = 0.25): DrawingTerms {
    return { volumeId, share, intervalMs: 100 };
  }

  /** The engine of a pane does not render: the spec says when a picture is there. */
  function spyOnRenders({ engine }: Pane): jasmine.Spy {
    // The registry has what is behind the RenderingEngine that applications hold.
    return spyOn(getRenderingEngine(engine.id) as RenderingEngine, 'renderViewports');
  }

  function rendered({ element }: Pane): void {
    triggerEvent(element, Enums.Events.IMAGE_RENDERED, {});
  }

  /** A render that was requested, with the work of the page and then that of the GPU. */
  function draw(pane: Pane, { pageMs, gpuMs }: { pageMs: number; gpuMs: number }): void {
    clock.frame();
    clock.isGPUDone = gpuMs === 0;
    clock.busy(pageMs);
    rendered(pane);
    clock.pass(gpuMs);
    clock.isGPUDone = true;
    clock.pass(50);
  }

  function idsOf(renders: jasmine.Spy): unknown[] {
    return renders.calls.allArgs().map(([ids]) => (ids as string[]).join());
  }

  async function planes(): Promise<{
    volume: StreamingImageVolume;
    axial: Pane;
    sagittal: Pane;
    renders: jasmine.Spy;
    request: (onScreen?: string[]) => void;
  }> {
    const { volume } = await heldVolume();
    const engine = createEngine();
    const axial = await showPlane(volume, 'axial', GREY_RANGE, engine);
    const sagittal = await showPlane(volume, 'sagittal', GREY_RANGE, engine);
    return {
      volume,
      axial,
      sagittal,
      renders: spyOnRenders(axial),
      request: (onScreen = []) => {
        scheduler.request({ terms: termsOf(volume), onScreen, announce });
      },
    };
  }

  it('draws the first pictures at once, one viewport after the other', async () => {
    const { axial, sagittal, renders, request } = await planes();
    request();
    expect(idsOf(renders)).toEqual([axial.viewport.id]);
    draw(axial, { pageMs: 5, gpuMs: 0 });
    expect(idsOf(renders)).toEqual([axial.viewport.id, sagittal.viewport.id]);
    draw(sagittal, { pageMs: 5, gpuMs: 0 });
    expect(renders).toHaveBeenCalledTimes(2);
    expect(announce).not.toHaveBeenCalled();
    expect(clock.fences).toBe(0);
  });

  it('draws a viewport of 2 s each 8 s and the other one at the interval; the GPU counts', async () => {
    const { axial, sagittal, renders, request } = await planes();
    const times = { [axial.viewport.id]: [] as number[], [sagittal.viewport.id]: [] as number[] };
    request();
    while (clock.now() < 100_000) {
      const id = idsOf(renders).at(-1) as string;
      if (renders.calls.any()) {
        renders.calls.reset();
        times[id]?.push(clock.now());
        draw(id === axial.viewport.id ? axial : sagittal, {
          pageMs: 2,
          gpuMs: id === axial.viewport.id ? 0 : 2000,
        });
      } else {
        clock.pass(10);
      }
      request();
    }
    const between = (list: readonly number[] = []): number[] =>
      list.slice(1).map((at, index) => at - (list[index] as number));
    // The plane needs up to 27 ms in 100: the look at its fence comes within 50 ms.
    const long = between(times[sagittal.viewport.id]);
    expect(long.length).toBeGreaterThan(5);
    long.forEach((interval) => {
      expect(interval).toBeGreaterThan(7900);
      expect(interval).toBeLessThan(20_000);
    });
    const short = between(times[axial.viewport.id]).filter((interval) => interval < 250);
    expect(short.length).toBeGreaterThan(300);
  });

  it('draws a slice on screen at once, in its viewport only', async () => {
    const { axial, sagittal, renders, request } = await planes();
    request();
    draw(axial, { pageMs: 2000, gpuMs: 0 });
    draw(sagittal, { pageMs: 2000, gpuMs: 0 });
    renders.calls.reset();
    request();
    clock.pass(500);
    expect(renders).not.toHaveBeenCalled();
    request([viewportKey(axial.engine.id, axial.viewport.id)]);
    expect(idsOf(renders)).toEqual([axial.viewport.id]);
    // Also while a render is under way.
    request([viewportKey(sagittal.engine.id, sagittal.viewport.id)]);
    expect(idsOf(renders)).toEqual([axial.viewport.id, sagittal.viewport.id]);
  });

  it('draws the last picture at once', async () => {
    const { volume, axial, sagittal, renders, request } = await planes();
    request();
    draw(axial, { pageMs: 2000, gpuMs: 0 });
    draw(sagittal, { pageMs: 2000, gpuMs: 0 });
    renders.calls.reset();
    request();
    expect(clock.timers).toBe(1);
    scheduler.endLoad(volume.volumeId);
    expect(idsOf(renders)).toEqual([axial.viewport.id]);
    draw(axial, { pageMs: 2000, gpuMs: 0 });
    expect(idsOf(renders)).toEqual([axial.viewport.id, sagittal.viewport.id]);
    draw(sagittal, { pageMs: 2000, gpuMs: 0 });
    expect(renders).toHaveBeenCalledTimes(2);
    expect(clock.timers).toBe(0);
  });

  it('draws whatever it costs where no frame has asked', async () => {
    const { volume, axial, sagittal, renders, request } = await planes();
    request();
    draw(axial, { pageMs: 2000, gpuMs: 0 });
    draw(sagittal, { pageMs: 2000, gpuMs: 0 });
    renders.calls.reset();
    scheduler.renderNow(volume.volumeId);
    expect(idsOf(renders)).toEqual([`${axial.viewport.id},${sagittal.viewport.id}`]);
  });

  it('takes the render of a person for its own, and keeps long renders out of a scroll', async () => {
    const { axial, sagittal, renders, request } = await planes();
    request();
    draw(axial, { pageMs: 400, gpuMs: 0 });
    draw(sagittal, { pageMs: 400, gpuMs: 0 });
    renders.calls.reset();
    request();
    // Each is due 400 / (0.25 / 2) ms after its start, and 400 / 0.25 ms when it has the share alone.
    clock.pass(1000);
    rendered(axial);
    clock.pass(1100);
    rendered(axial);
    clock.pass(490);
    expect(renders).not.toHaveBeenCalled();
    clock.pass(20);
    expect(idsOf(renders)).toEqual([sagittal.viewport.id]);
    draw(sagittal, { pageMs: 400, gpuMs: 0 });
    clock.pass(20_000);
    expect(idsOf(renders)).toEqual([sagittal.viewport.id]);
  });

  it('goes on when no picture comes, and when viewports are gone', async () => {
    const { axial, sagittal, renders, request } = await planes();
    request();
    // Hidden viewports have no event.
    clock.frame();
    clock.frame();
    expect(idsOf(renders)).toEqual([axial.viewport.id, sagittal.viewport.id]);
    sagittal.engine.disableElement(sagittal.viewport.id);
    clock.frame();
    clock.frame();
    request();
    clock.pass(100);
    expect(idsOf(renders).at(-1)).toBe(axial.viewport.id);
    axial.engine.disableElement(axial.viewport.id);
    clock.frame();
    clock.frame();
    request();
    clock.pass(10_000);
    expect(renders).toHaveBeenCalledTimes(3);
    expect(clock.timers).toBe(0);
  });

  it('counts until the next animation frame where there is no fence', async () => {
    const { volume } = await heldVolume();
    const pane = await showPlane(volume, 'axial', GREY_RANGE);
    const renders = spyOnRenders(pane);
    const request = (): void => {
      scheduler.request({ terms: termsOf(volume), announce });
    };
    clock.isLost = true;
    request();
    clock.frame();
    clock.busy(10);
    rendered(pane);
    clock.busy(1000 + 1000 / 60);
    clock.frame();
    request();
    // 1010 ms, of which a frame without drawing has no part.
    clock.pass(4040 - 1010 - 20);
    expect(renders).toHaveBeenCalledTimes(1);
    clock.pass(10);
    expect(renders).toHaveBeenCalledTimes(2);
  });

  it('does not count a picture that another viewport has taken during a render', async () => {
    const { axial, sagittal, renders, request } = await planes();
    request();
    draw(axial, { pageMs: 400, gpuMs: 0 });
    clock.frame();
    clock.busy(400);
    rendered(axial);
    clock.busy(10);
    rendered(sagittal);
    clock.isGPUDone = true;
    clock.pass(10);
    renders.calls.reset();
    request();
    // Of the 410 ms 400 are those of the other one.
    clock.pass(100);
    expect(idsOf(renders)).toEqual([sagittal.viewport.id]);
  });

  it('lets long renders upload for half of their time, and no others', async () => {
    const { axial, sagittal, request } = await planes();
    expect(scheduler.uploadBudgetMs(8)).toBe(8);
    request();
    clock.frame();
    expect(scheduler.uploadBudgetMs(8)).toBe(8);
    clock.isGPUDone = true;
    clock.busy(2000);
    rendered(axial);
    clock.pass(1);
    draw(sagittal, { pageMs: 4, gpuMs: 0 });
    request();
    clock.pass(100);
    clock.frame();
    expect(scheduler.uploadBudgetMs(8)).withContext('sagittal').toBe(8);
    rendered(sagittal);
    clock.pass(20_000);
    clock.frame();
    expect(scheduler.uploadBudgetMs(8)).withContext('axial').toBeCloseTo(1000, -1);
    rendered(axial);
    expect(scheduler.uploadBudgetMs(8)).toBe(8);
  });

  it('shares the time between volumes, and draws the viewports of each engine', async () => {
    const first = await planes();
    const { volume } = await heldVolume();
    const other = await showPlane(volume, 'axial', GREY_RANGE, createEngine());
    const otherRenders = spyOnRenders(other);
    first.request();
    scheduler.request({ terms: termsOf(volume), announce });
    draw(first.axial, { pageMs: 5, gpuMs: 0 });
    draw(first.sagittal, { pageMs: 5, gpuMs: 0 });
    expect(idsOf(otherRenders)).toEqual([other.viewport.id]);
    expect(idsOf(first.renders)).toEqual([first.axial.viewport.id, first.sagittal.viewport.id]);
  });

  it('draws 3D after the planes', async () => {
    const { volume } = await heldVolume();
    const engine = createEngine();
    const three = await show3D(volume, engine);
    const axial = await showPlane(volume, 'axial', GREY_RANGE, engine);
    const renders = spyOnRenders(axial);
    scheduler.request({ terms: termsOf(volume), announce });
    draw(axial, { pageMs: 5, gpuMs: 0 });
    expect(idsOf(renders)).toEqual([axial.viewport.id, three.viewport.id]);
  });

  async function show3D(
    { volumeId }: StreamingImageVolume,
    engine: RenderingEngine,
  ): Promise<Pane> {
    const three = new Pane(Enums.ViewportType.VOLUME_3D, { engine });
    const viewport = three.viewport as unknown as {
      setVolumes(volumes: { volumeId: string }[]): Promise<void>;
    };
    await viewport.setVolumes([{ volumeId }]);
    return three;
  }

  it('lets the first picture in 3D upload more than a limit for pictures that follow soon', async () => {
    const { volume } = await heldVolume();
    const three = await show3D(volume, createEngine());
    spyOnRenders(three);
    scheduler.request({ terms: termsOf(volume), announce });
    clock.frame();
    expect(scheduler.uploadBudgetMs(8)).toBe(100);
    expect(scheduler.uploadBudgetMs(300)).toBe(300);
    clock.isGPUDone = true;
    clock.busy(4);
    rendered(three);
    clock.pass(50);
    scheduler.request({ terms: termsOf(volume), announce });
    clock.pass(100);
    clock.frame();
    expect(scheduler.uploadBudgetMs(8)).withContext('when it is measured').toBe(8);
  });

  it('lets the first picture in 3D wait for slices, and not that of a plane', async () => {
    const { volume } = await heldVolume();
    const engine = createEngine();
    const three = await show3D(volume, engine);
    const axial = await showPlane(volume, 'axial', GREY_RANGE, engine);
    const renders = spyOnRenders(axial);
    scheduler.request({ terms: termsOf(volume), isSparse: true, announce });
    draw(axial, { pageMs: 5, gpuMs: 0 });
    clock.pass(500);
    expect(idsOf(renders)).toEqual([axial.viewport.id]);
    scheduler.request({ terms: termsOf(volume), isSparse: false, announce });
    expect(idsOf(renders)).toEqual([axial.viewport.id, axial.viewport.id]);
    draw(axial, { pageMs: 5, gpuMs: 0 });
    expect(idsOf(renders)).toEqual([axial.viewport.id, axial.viewport.id, three.viewport.id]);
  });

  it('triggers IMAGE_VOLUME_MODIFIED with the render of generic viewports, which it draws together', async () => {
    const { volume } = await heldVolume();
    const pane = await showPlanarNext(volume, 'axial', GREY_RANGE);
    const renders = spyOnRenders(pane);
    const request = (): void => {
      scheduler.request({ terms: termsOf(volume), announce });
    };
    request();
    expect(announce).toHaveBeenCalledTimes(1);
    draw(pane, { pageMs: 2000, gpuMs: 0 });
    request();
    clock.pass(5000);
    expect(announce).toHaveBeenCalledTimes(1);
    clock.pass(1000);
    expect(announce).toHaveBeenCalledTimes(2);
    expect(idsOf(renders)).toEqual([pane.viewport.id, pane.viewport.id]);
  });

  it('measures with a fence of the browser', async () => {
    const { volume } = await heldVolume();
    const pane = await showPlane(volume, 'axial', GREY_RANGE);
    const fences = spyOn(WebGL2RenderingContext.prototype, 'fenceSync').and.callThrough();
    const deleted = spyOn(WebGL2RenderingContext.prototype, 'deleteSync').and.callThrough();
    const real = new RenderScheduler();
    real.request({ terms: termsOf(volume), announce });
    await pane.nextRender();
    while (deleted.calls.count() === 0) {
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    expect(fences).toHaveBeenCalledTimes(1);
    real.endLoad(volume.volumeId);
  });
});
