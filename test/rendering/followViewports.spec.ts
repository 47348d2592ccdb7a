import { Enums, imageLoadPoolManager } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { topToBottom } from '../../src/index.js';
import { createVolume } from '../support/createVolume.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import type { Pane } from './support/Pane.js';
import { showPlane } from './support/Pane.js';

type Plane = 'axial' | 'sagittal' | 'coronal';
type Vector = [number, number, number];

const { Prefetch } = Enums.RequestType;
const COUNT = 100;
const VOI = { lower: 0, upper: 255 };

/** How a series is acquired in each plane: row and column cosines, and the way from slice to slice. */
const ACQUISITIONS: Record<Plane, { orientation: number[]; step: Vector }> = {
  axial: { orientation: [1, 0, 0, 0, 1, 0], step: [0, 0, 2] },
  sagittal: { orientation: [0, 1, 0, 0, 0, -1], step: [-2, 0, 0] },
  coronal: { orientation: [1, 0, 0, 0, 0, -1], step: [0, 2, 0] },
};

describe('The order of requests', () => {
  let series: SyntheticSeries;
  let answered: number;

  beforeEach(() => {
    startDrawing();
    answered = 0;
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 2);
  });

  afterEach(async () => {
    await until(() => {
      series.answer();
      return true;
    });
    series.dispose();
    stopDrawing();
  });

  async function acquire(plane: Plane, options = {}): Promise<StreamingImageVolume> {
    const { orientation, step } = ACQUISITIONS[plane];
    series = new SyntheticSeries({
      count: COUNT,
      columns: 8,
      rows: 8,
      held: true,
      orientation,
      position: (slice) => step.map((mm) => mm * slice) as Vector,
      pixels: () => new Uint16Array(64).fill(100),
      window: { center: 128, width: 256 },
    });
    return createVolume(series.imageIds, { maxInFlight: 4, ...options });
  }

  /** Shows a slice in the plane of the acquisition. */
  function lookAt(pane: Pane<never>, plane: Plane, slice: number): void {
    const viewport = pane.viewport as unknown as {
      getCamera(): { focalPoint: Vector; position: Vector };
      setCamera(camera: { focalPoint: Vector; position: Vector }): void;
    };
    const { focalPoint, position } = viewport.getCamera();
    const { step } = ACQUISITIONS[plane];
    const axis = step.findIndex((mm) => mm !== 0);
    const shift = (step[axis] as number) * slice - (focalPoint[axis] as number);
    const move = (point: Vector) => point.map((mm, i) => mm + (i === axis ? shift : 0)) as Vector;
    viewport.setCamera({ focalPoint: move(focalPoint), position: move(position) });
  }

  /** Answers so many requests, the oldest first, and gives the slices of those that come for them. */
  async function next(howMany: number): Promise<number[]> {
    const from = series.requests.length;
    const limit = answered + howMany;
    await until(() => {
      for (; answered < Math.min(series.requests.length, limit); answered++) {
        series.requests[answered]?.resolve();
      }
      return series.requests.length >= from + howMany;
    });
    return series.requests.slice(from, from + howMany).map(({ slice }) => slice);
  }

  function animationFrames(count: number): Promise<void> {
    return new Promise((resolve) => {
      const wait = (left: number): void => {
        if (left === 0) {
          resolve();
        } else {
          requestAnimationFrame(() => {
            wait(left - 1);
          });
        }
      };
      wait(count);
    });
  }

  for (const plane of ['axial', 'sagittal', 'coronal'] as const) {
    it(`D20: follows a viewport that scrolls through a series acquired in ${plane} slices`, async () => {
      const volume = await acquire(plane);
      const pane = (await showPlane(volume, plane, VOI)) as unknown as Pane<never>;
      lookAt(pane, plane, 20);
      const loaded = volume.load();
      expect(series.requests.map(({ slice }) => slice)).toEqual([20, 21]);
      expect(await next(3)).toEqual([19, 22, 18]);
      lookAt(pane, plane, 80);
      await animationFrames(2);
      expect(await next(4)).toEqual([80, 81, 82, 83]);
      lookAt(pane, plane, 60);
      await animationFrames(2);
      expect(await next(3)).toEqual([60, 59, 58]);
      volume.cancelLoading();
      await expectAsync(loaded).toBeRejected();
    });
  }

  it('is coarse to fine for a viewport that cuts across the slices', async () => {
    const volume = await acquire('axial');
    await showPlane(volume, 'sagittal', VOI);
    void volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([0, 16]);
    expect(await next(8)).toEqual([32, 48, 64, 80, 96, 8, 24, 40]);
    volume.cancelLoading();
  });

  it('serves what is looked at first, then what cuts across', async () => {
    const volume = await acquire('axial');
    const pane = (await showPlane(volume, 'axial', VOI)) as unknown as Pane<never>;
    await showPlane(volume, 'coronal', VOI);
    lookAt(pane, 'axial', 70);
    void volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([70, 0]);
    expect(await next(10)).toEqual([16, 32, 48, 64, 80, 96, 8, 24, 40, 56]);
    lookAt(pane, 'axial', 71);
    await animationFrames(2);
    expect(await next(4)).toEqual([71, 72, 73, 74]);
    volume.cancelLoading();
  });

  it('turns to a viewport that comes while the volume loads', async () => {
    const volume = await acquire('axial');
    void volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([50, 51]);
    const pane = (await showPlane(volume, 'axial', VOI)) as unknown as Pane<never>;
    lookAt(pane, 'axial', 5);
    const requested: number[] = [];
    while (!requested.includes(5) && requested.length < 20) {
      requested.push(...(await next(1)));
    }
    expect(requested).toContain(5);
    volume.cancelLoading();
  });

  it('turns at once to a viewport that gets the volume beside another', async () => {
    const shown = await acquire('axial');
    const others = series;
    const pane = await showPlane(shown, 'axial', VOI);
    lookAt(pane as unknown as Pane<never>, 'axial', 5);
    const volume = await acquire('axial');
    // The volume does not search for viewports again and again. Shorter timers run: renders are measured by them, also
    // for later specs.
    const startTimer = window.setTimeout.bind(window);
    spyOn(window, 'setTimeout').and.callFake(((run: () => void, ms = 0) =>
      ms >= 100 ? 0 : startTimer(run, ms)) as unknown as typeof setTimeout);
    void volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([50, 51]);
    await pane.viewport.addVolumes([{ volumeId: volume.volumeId }]);
    series.requests[0]?.resolve();
    await until(() => series.requests.length === 3);
    expect(series.requests[2]?.slice).toBe(5);
    volume.cancelLoading();
    others.dispose();
  });

  it('has the frames of volumes on screen before those in the background', async () => {
    const background = await acquire('axial');
    const others = series;
    void background.load();
    const shown = await acquire('axial');
    void shown.load();
    await showPlane(shown, 'axial', VOI);
    await animationFrames(2);
    others.answer();
    await until(() => series.requests.length === 2);
    expect(others.requests.length).toBe(2);
    background.cancelLoading();
    shown.cancelLoading();
    others.dispose();
  });

  it('asks for the slice on screen at once, and for nothing beside it until it is there', async () => {
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 7);
    const volume = await acquire('axial', { maxInFlight: undefined });
    const pane = (await showPlane(volume, 'axial', VOI)) as unknown as Pane<never>;
    lookAt(pane, 'axial', 50);
    void volume.load();
    const requested = (): number[] => series.requests.map(({ slice }) => slice);
    await until(() => series.requests.length === 2);
    expect(requested()).toEqual([50, 51]);
    lookAt(pane, 'axial', 5);
    await until(() => series.requests.length === 3);
    expect(requested()).toEqual([50, 51, 5]);
    series.requests[0]?.resolve();
    await until(() => volume.framesLoaded === 1);
    await animationFrames(2);
    expect(requested()).toEqual([50, 51, 5]);
    series.requests[2]?.resolve();
    await until(() => series.requests.length === 4);
    expect([4, 6]).toContain(requested()[3] as number);
    volume.cancelLoading();
  });

  it('follows a move at once, not in the next animation frame', async () => {
    imageLoadPoolManager.setMaxSimultaneousRequests(Prefetch, 7);
    const volume = await acquire('axial', { maxInFlight: undefined });
    const pane = (await showPlane(volume, 'axial', VOI)) as unknown as Pane<never>;
    lookAt(pane, 'axial', 50);
    void volume.load();
    await until(() => series.requests.length === 2);
    const requestFrame = window.requestAnimationFrame.bind(window);
    // Later specs need the frames too: renders of the whole page are measured by them.
    const heldBack: FrameRequestCallback[] = [];
    const frames = spyOn(window, 'requestAnimationFrame').and.callFake((run) => {
      heldBack.push(run);
      return 0;
    });
    // Those that were asked for before are over then.
    await new Promise((resolve) => requestFrame(() => requestFrame(resolve)));
    lookAt(pane, 'axial', 5);
    await until(() => series.requests.length === 3);
    expect(series.requests.map(({ slice }) => slice)).toEqual([50, 51, 5]);
    volume.cancelLoading();
    lookAt(pane, 'axial', 90);
    await Promise.resolve();
    expect(series.requests.length).toBe(3);
    frames.and.callThrough();
    heldBack.forEach((run) => requestFrame(run));
  });

  it('drops nothing that is in flight', async () => {
    const volume = await acquire('axial');
    const pane = (await showPlane(volume, 'axial', VOI)) as unknown as Pane<never>;
    lookAt(pane, 'axial', 20);
    const loaded = volume.load();
    lookAt(pane, 'axial', 80);
    await animationFrames(2);
    await until(() => {
      series.answer();
      return volume.framesLoaded === COUNT;
    });
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
    expect(series.requests.length).toBe(COUNT);
  });

  it('is what a strategy of the application says', async () => {
    const volume = await acquire('axial', { frameOrder: topToBottom });
    await showPlane(volume, 'axial', VOI);
    void volume.load();
    expect(await next(3)).toEqual([2, 3, 4]);
    volume.cancelLoading();
  });

  it('lacks no frame that a strategy leaves out, and has none that does not exist', async () => {
    const volume = await acquire('axial', { frameOrder: () => [7, 7, 300, -1, 3] });
    const loaded = volume.load();
    expect(series.requests.map(({ slice }) => slice)).toEqual([7, 3]);
    await until(() => {
      series.answer();
      return volume.framesLoaded === COUNT;
    });
    expect(await loaded).toEqual({ framesLoaded: COUNT, failed: [] });
  });
});
