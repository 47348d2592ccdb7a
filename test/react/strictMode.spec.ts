import { cache, Enums, eventTarget, imageLoadPoolManager } from '@cornerstonejs/core';
import { act, createElement, StrictMode, useEffect } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import type { Root } from 'react-dom/client';
import { createStreamingVolume, isStreamingVolumeError } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { newVolumeId } from '../support/cornerstone.js';
import type { SyntheticSeries } from '../support/SyntheticSeries.js';
import { collectUnhandledRejections } from '../support/unhandledRejections.js';
import { until } from '../support/until.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';
import { useStreamingVolume } from './useStreamingVolume.js';

interface ReactGlobals {
  IS_REACT_ACT_ENVIRONMENT?: boolean;
}

interface ViewerProps {
  readonly volumeId: string;
  readonly imageIds: readonly string[];
  readonly onVolume?: (volume: StreamingImageVolume | undefined) => void;
  readonly onEffect?: (name: string) => void;
}

describe("React's StrictMode", () => {
  const newSeries = useSyntheticSeries();
  let root: Root;
  let volumeId: string;
  let sizeBefore: number;
  let errors: unknown[];
  let unhandled: () => Promise<unknown[]>;
  let effects: string[];
  const globals = globalThis as ReactGlobals;

  beforeEach(async () => {
    // The first creation of a page waits for the script of volumes: it would end outside of `act`, which React reports.
    const { imageIds } = newSeries({ count: 2 });
    await createStreamingVolume(newVolumeId(), { imageIds });
    cache.purgeVolumeCache();
    globals.IS_REACT_ACT_ENVIRONMENT = true;
    errors = [];
    effects = [];
    spyOn(console, 'error').and.callFake((...args: unknown[]) => errors.push(args));
    unhandled = collectUnhandledRejections();
    root = createRoot(document.createElement('div'), {
      onUncaughtError: (error) => errors.push(error),
    });
    volumeId = newVolumeId();
    sizeBefore = cache.getCacheSize();
  });

  afterEach(() => {
    delete globals.IS_REACT_ACT_ENVIRONMENT;
  });

  const render = (...children: ReactNode[]): Promise<void> =>
    act(async () => {
      root.render(createElement(StrictMode, null, ...children));
    });

  const onEffect = (name: string): void => {
    effects.push(name);
  };

  /** Unmounts what there still is, and looks for what it has left. */
  async function expectNothingLeft(): Promise<void> {
    await act(async () => {
      root.unmount();
    });
    expect(cache.getVolumes()).toEqual([]);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    expect(cache.getCacheSize()).toBe(sizeBefore);
    const { numRequests } = imageLoadPoolManager as unknown as {
      numRequests: Record<string, number>;
    };
    await until(() => numRequests[Enums.RequestType.Prefetch] === 0);
    expect(Object.values(imageLoadPoolManager.getRequestPool().prefetch).flat()).toEqual([]);
    const { listeners } = eventTarget as unknown as { listeners: Record<string, unknown[]> };
    expect(listeners[Enums.Events.VOLUME_CACHE_VOLUME_REMOVED] ?? []).toEqual([]);
    expect(await unhandled()).toEqual([]);
    expect(errors).toEqual([]);
  }

  const voxels = (series: SyntheticSeries): number[] =>
    series.imageIds.flatMap((_, slice) =>
      Array.from({ length: 15 }, (__, i) => series.voxel(slice, i)),
    );

  async function untilLoaded(
    series: SyntheticSeries,
    volume: () => StreamingImageVolume | undefined,
  ): Promise<StreamingImageVolume> {
    await until(() => {
      series.answer();
      return volume()?.loadStatus.loaded === true;
    });
    expect([...(volume()?.getScalarData() ?? [])]).toEqual(voxels(series));
    return volume() as StreamingImageVolume;
  }

  /** Creates and loads in an effect, cancels and removes in its clean-up. */
  function Viewer({ imageIds, onVolume, ...props }: ViewerProps): null {
    useEffect(() => {
      onEffect('effect');
      const creation = createStreamingVolume(props.volumeId, { imageIds });
      creation.then(
        (volume) => {
          onVolume?.(volume);
          volume.load().catch((reason: unknown) => {
            onEffect((reason as Error).name);
          });
        },
        (reason: unknown) => {
          onEffect(isStreamingVolumeError(reason) ? reason.code : String(reason));
        },
      );
      return () => {
        onEffect('clean-up');
        (
          cache.getVolume(props.volumeId) as unknown as StreamingImageVolume | undefined
        )?.cancelLoading();
        cache.removeVolumeLoadObject(props.volumeId);
      };
    }, [props.volumeId, imageIds, onVolume]);
    return null;
  }

  it('makes a volume, removes it and makes it again: it loads, each frame once', async () => {
    const series = newSeries({ count: 5 });
    let volume: StreamingImageVolume | undefined;
    const onVolume = jasmine.createSpy('onVolume').and.callFake((made: StreamingImageVolume) => {
      volume = made;
    });
    await render(createElement(Viewer, { volumeId, imageIds: series.imageIds, onVolume }));
    await untilLoaded(series, () => volume);
    // Otherwise it was not StrictMode that was tested.
    expect(effects).toEqual(['effect', 'clean-up', 'effect', 'volume-removed']);
    expect(onVolume).toHaveBeenCalledTimes(1);
    expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([
      0, 1, 2, 3, 4,
    ]);
    expect(cache.getVolume(volumeId) as unknown).toBe(volume);
    await expectNothingLeft();
  });

  it('unmounts while the volume is made', async () => {
    const series = newSeries({ count: 5 });
    act(() => {
      root.render(
        createElement(
          StrictMode,
          null,
          createElement(Viewer, { volumeId, imageIds: series.imageIds }),
        ),
      );
    });
    expect(effects).toEqual(['effect', 'clean-up', 'effect']);
    expect(cache.getVolumeLoadObject(volumeId)).toBeDefined();
    expect(cache.getVolume(volumeId)).toBeUndefined();
    await expectNothingLeft();
    expect(effects.slice(3)).toEqual(['clean-up', 'volume-removed', 'volume-removed']);
    expect(series.requests).toEqual([]);
  });

  it('unmounts while frames are on their way, and mounts again', async () => {
    const series = newSeries({ count: 5, held: true });
    let volume: StreamingImageVolume | undefined;
    const onVolume = (made: StreamingImageVolume | undefined): void => {
      volume = made;
    };
    const viewer = createElement(Viewer, { volumeId, imageIds: series.imageIds, onVolume });
    await render(viewer);
    await until(() => series.requests.length > 0);
    const first = volume;
    await render();
    await render(viewer);
    await untilLoaded(series, () => volume);
    expect(volume).not.toBe(first);
    expect(effects.filter((effect) => effect === 'AbortError').length).toBe(1);
    await expectNothingLeft();
  });

  it('cancels and loads on a volume that stays', async () => {
    const series = newSeries({ count: 5, held: true });
    const volume = await createStreamingVolume(volumeId, { imageIds: series.imageIds });
    const Loading = (): null => {
      useEffect(() => {
        onEffect('effect');
        volume.load().catch((reason: unknown) => {
          onEffect((reason as Error).name);
        });
        return () => {
          onEffect('clean-up');
          volume.cancelLoading();
        };
      }, []);
      return null;
    };
    await render(createElement(Loading));
    await untilLoaded(series, () => volume);
    expect(effects).toEqual(['effect', 'clean-up', 'effect', 'AbortError']);
    cache.removeVolumeLoadObject(volumeId);
    await expectNothingLeft();
  });

  describe('with two components that use one volume', () => {
    let shown: Record<string, StreamingImageVolume | undefined>;

    beforeEach(() => {
      shown = {};
    });

    function User({ name, imageIds }: { name: string; imageIds: readonly string[] }): null {
      const { volume, error } = useStreamingVolume(volumeId, imageIds);
      useEffect(() => {
        shown[name] = volume;
        if (error !== undefined) {
          onEffect(error.message);
        }
      }, [name, volume, error]);
      return null;
    }

    const user = (name: string, { imageIds }: SyntheticSeries): ReactNode =>
      createElement(User, { key: name, name, imageIds });

    it('gives both the same volume, and its frames once', async () => {
      const series = newSeries({ count: 5, held: true });
      await render(user('left', series), user('right', series));
      const volume = await untilLoaded(series, () => shown['left']);
      expect(shown['right']).toBe(volume);
      expect(series.requests.map(({ slice }) => slice).toSorted((a, b) => a - b)).toEqual([
        0, 1, 2, 3, 4,
      ]);
      await expectNothingLeft();
      expect(effects).toEqual([]);
    });

    it('loads on for the one that stays', async () => {
      const series = newSeries({ count: 5, held: true });
      await render(user('left', series), user('right', series));
      await until(() => series.requests.length > 0);
      const volume = shown['left'];
      await render(user('right', series));
      expect(await untilLoaded(series, () => shown['right'])).toBe(volume as StreamingImageVolume);
      // And for one that comes later.
      await render(user('right', series), user('late', series));
      await until(() => shown['late'] !== undefined);
      expect(shown['late']).toBe(volume);
      await render(user('late', series));
      expect(cache.getVolume(volumeId) as unknown).toBe(volume);
      await expectNothingLeft();
      expect(series.requests.length).toBe(5);
      expect(effects).toEqual([]);
    });

    it('shows no error when one of them cancels the load', async () => {
      const series = newSeries({ count: 5, held: true });
      await render(user('left', series), user('right', series));
      await until(() => series.requests.length > 0);
      await act(async () => {
        const loading = shown['left']?.load();
        shown['left']?.cancelLoading();
        await loading?.catch(() => undefined);
      });
      await expectNothingLeft();
      expect(effects).toEqual([]);
    });

    it('unmounts both while frames are on their way', async () => {
      const series = newSeries({ count: 5, held: true });
      await render(user('left', series), user('right', series));
      await until(() => series.requests.length > 0);
      await expectNothingLeft();
      expect(effects).toEqual([]);
    });

    it('changes to other images under another volumeId', async () => {
      const series = newSeries({ count: 5, held: true });
      const other = newSeries({ count: 4, intercept: () => -30 });
      await render(user('left', series), user('right', series));
      await until(() => series.requests.length > 0);
      const firstId = volumeId;
      volumeId = newVolumeId();
      await render(user('left', other), user('right', other));
      await untilLoaded(other, () => shown['left']);
      expect(shown['right']?.volumeId).toBe(volumeId);
      expect(cache.getVolumeLoadObject(firstId)).toBeUndefined();
      await expectNothingLeft();
      expect(effects).toEqual([]);
    });

    it('tells both why there is no volume', async () => {
      const series = newSeries({ count: 5 });
      const incomplete = Object.assign(series, { imageIds: series.imageIds.toSpliced(2, 1) });
      await render(user('left', incomplete), user('right', incomplete));
      await until(() => effects.length >= 2);
      expect(new Set(effects).size).toBe(1);
      expect(effects[0]).toContain('cannot be made');
      await expectNothingLeft();
    });
  });
});
