import { cache, Enums } from '@cornerstonejs/core';
import { createExtension, TEXTS_ID } from '../../src/ohif/index.js';
import type { OhifExtension, OhifServicesManager } from '../../src/ohif/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { startDrawing, stopDrawing } from '../rendering/support/drawing.js';
import { Pane } from '../rendering/support/Pane.js';
import type { OrthographicViewport } from '../rendering/support/Pane.js';
import { createVolume } from '../support/createVolume.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { until } from '../support/until.js';

describe('The overlay of the OHIF extension', () => {
  let extension: OhifExtension;
  let series: SyntheticSeries;
  let texts: unknown;
  const servicesManager: OhifServicesManager = {
    services: { customizationService: { getCustomization: (id) => id === TEXTS_ID && texts } },
  };

  beforeEach(() => {
    startDrawing();
    texts = undefined;
    series = heldSeries(4);
    extension = createExtension();
  });

  afterEach(() => {
    extension.onModeExit({ servicesManager });
    series.dispose();
    stopDrawing();
  });

  /** With a window, or core would wait for the middle slice before it shows a volume. */
  function heldSeries(count: number): SyntheticSeries {
    return new SyntheticSeries({ count, held: true, window: { center: 100, width: 200 } });
  }

  function enter(options: object = {}): void {
    const appConfig = {
      streamingImageVolumeLoader: { renderIntervalMs: 0, retries: 0, ...options },
    };
    extension.preRegistration({ servicesManager, appConfig });
    extension.onModeEnter({ servicesManager });
  }

  async function show(...volumes: StreamingImageVolume[]): Promise<Pane<OrthographicViewport>> {
    const pane = new Pane<OrthographicViewport>(Enums.ViewportType.ORTHOGRAPHIC);
    await pane.viewport.setVolumes(volumes.map(({ volumeId }) => ({ volumeId })));
    return pane;
  }

  function overlay({ element }: Pane): HTMLElement | null {
    return element.querySelector<HTMLElement>('.streaming-image-volume-overlay');
  }

  /** As users read it. */
  function text(pane: Pane): string | undefined {
    return overlay(pane)?.innerText.trim();
  }

  it('tells on a viewport at a slice that is to come which one it shows, until it is there', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    void volume.load();
    const slice = 2;
    await until(() => series.requests.some((request) => request.slice === slice));
    pane.viewport.jumpToWorld(volume.imageData?.indexToWorld([1, 1, slice]) as never);
    const other = series.requests.find((request) => request.slice !== slice)?.slice as number;
    series.answer(other);
    const expected =
      Math.abs(other - slice) === 1
        ? 'Shown: the next slice'
        : `Shown: a slice ${Math.abs(other - slice)} away`;
    const note = (): string | undefined =>
      pane.element.querySelector<HTMLElement>('.streaming-image-volume-stand-in')?.innerText;
    await until(() => note() === `Not loaded yet. ${expected}`);
    expect(note()).toBe(`Not loaded yet. ${expected}`);
    series.answer(slice);
    await until(() => note() === '');
    expect(note()).toBe('');
    volume.cancelLoading();
  });

  it('says on each viewport how far its volume is, until it is loaded', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const panes = [await show(volume), await show(volume)];
    const other = await show(await createVolume(heldSeries(2).imageIds));
    expect(overlay(other)).toBeNull();
    void volume.load();
    series.answer(0, 1);
    await until(() => volume.framesLoaded === 2 && text(panes[0] as Pane) === 'Loading 2 of 4');
    expect(text(panes[1] as Pane)).toBe('Loading 2 of 4');
    const bar = overlay(panes[0] as Pane)?.querySelector('[role=progressbar]');
    expect(bar?.getAttribute('aria-valuenow')).toBe('2');
    expect(bar?.getAttribute('aria-valuemax')).toBe('4');
    series.answer();
    await until(() => overlay(panes[0] as Pane) === null);
    expect(overlay(panes[1] as Pane)).toBeNull();
  });

  it('counts the volumes of a fusion together', async () => {
    enter();
    // Two volumes of one frame of reference.
    const both = heldSeries(7);
    const volumes = [
      await createVolume(both.imageIds.slice(0, 4)),
      await createVolume(both.imageIds.slice(4)),
    ];
    const pane = await show(...volumes);
    volumes.forEach((volume) => void volume.load());
    both.answer(0, 4, 5);
    await until(() => text(pane) === 'Loading 3 of 7');
    both.answer(6);
    await until(() => text(pane) === 'Loading 1 of 4');
    expect(volumes.map(({ framesLoaded }) => framesLoaded)).toEqual([1, 3]);
    both.dispose();
  });

  it('has the failed images, with a button that loads them', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    const loaded = volume.load();
    for (const { slice, reject, resolve } of series.requests.splice(0)) {
      if (slice === 2) {
        reject(new Error('there is no such image'));
      } else {
        resolve();
      }
    }
    await loaded;
    await until(() => text(pane)?.startsWith('1 of 4 images failed') === true);
    const button = overlay(pane)?.querySelector('button') as HTMLButtonElement;
    expect(button.innerText).toBe('Retry');
    button.click();
    expect(series.requests.map(({ slice }) => slice)).toEqual([2]);
    series.answer();
    await until(() => overlay(pane) === null);
    expect(volume.loadStatus.loaded).toBeTrue();
  });

  it('lets presses through to the tools of the viewport, except on the button', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    const loaded = volume.load();
    series.requests.forEach(({ reject }) => {
      reject(new Error('there is no such image'));
    });
    await loaded;
    await until(() => overlay(pane) !== null);
    expect(getComputedStyle(overlay(pane) as HTMLElement).pointerEvents).toBe('none');
    const button = overlay(pane)?.querySelector('button') as HTMLButtonElement;
    expect(getComputedStyle(button).pointerEvents).toBe('auto');
    const pressed = jasmine.createSpy('pressed');
    for (const type of ['mousedown', 'pointerdown', 'touchstart', 'dblclick']) {
      pane.element.addEventListener(type, pressed);
      button.dispatchEvent(new Event(type, { bubbles: true }));
    }
    expect(pressed).not.toHaveBeenCalled();
  });

  it('comes with a volume that a viewport is given later, and goes with the volume', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    void volume.load();
    series.answer(0);
    await until(() => volume.framesLoaded === 1);
    const pane = await show(volume);
    expect(text(pane)).toBe('Loading 1 of 4');
    cache.removeVolumeLoadObject(volume.volumeId);
    expect(overlay(pane)).toBeNull();
  });

  it('goes with the mode, and is there for a load that goes on in the next', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    void volume.load();
    series.answer(0);
    await until(() => text(pane) === 'Loading 1 of 4');
    extension.onModeExit({ servicesManager });
    expect(overlay(pane)).toBeNull();
    void volume.load();
    await until(() => {
      series.answer(1);
      return volume.framesLoaded === 2;
    });
    expect(overlay(pane)).toBeNull();
    extension.onModeEnter({ servicesManager });
    expect(text(pane)).toBe('Loading 2 of 4');
  });

  it('is not there when it is off', async () => {
    enter({ overlay: false });
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    void volume.load();
    series.answer(0);
    await until(() => volume.framesLoaded === 1);
    expect(overlay(pane)).toBeNull();
  });

  it("speaks the site's language", async () => {
    texts = { loading: ({ loaded }: { loaded: number }) => `${loaded} geladen` };
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    void volume.load();
    series.answer(0);
    await until(() => text(pane) === '1 geladen');
    expect(text(pane)).toBe('1 geladen');
  });

  it('shows nothing of a load that was cancelled', async () => {
    enter();
    const volume = await createVolume(series.imageIds);
    const pane = await show(volume);
    void volume.load();
    series.answer(0);
    await until(() => text(pane) === 'Loading 1 of 4');
    volume.cancelLoading();
    const another = await show(volume);
    expect(overlay(pane)).toBeNull();
    expect(overlay(another)).toBeNull();
  });
});
