import { cache, eventTarget } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import {
  checkVolumeEligibility,
  fetchSeries,
  listSeries,
  VOLUME_PROGRESS,
} from '../../src/index.js';
import type { SeriesSummary } from '../../src/index.js';
import { EligibilityPanel } from './eligibilityPanel.js';
import type { ErrorBanner } from './errorBanner.js';
import { EventCounts } from './eventCounts.js';
import { FailedFramesPanel } from './failedFramesPanel.js';
import { FrameRequests } from './frameRequests.js';
import { FrameStrip } from './frameStrip.js';
import { initCornerstone } from './initCornerstone.js';
import { byId } from './page.js';
import { ProgressBar } from './progressBar.js';
import { SeriesList } from './seriesList.js';
import { patientText, seriesText } from './seriesTexts.js';
import { Viewer } from './viewer.js';
import { VolumeSession } from './volumeSession.js';
import { VoxelProbe } from './voxelProbe.js';
import { WindowPresets } from './windowPresets.js';

/** How often the times go on while nothing arrives. */
const CLOCK_INTERVAL_MS = 250;

/** The whole page: one series is open at a time, as a volume or, where it is none, as a stack. */
export class Application {
  readonly viewer: Viewer;
  session: VolumeSession | undefined;
  readonly #root: string;
  readonly #banner: ErrorBanner;
  readonly #requests = new FrameRequests();
  readonly #progressBar = new ProgressBar();
  readonly #frameStrip: FrameStrip;
  readonly #failedFrames: FailedFramesPanel;
  readonly #eligibility = new EligibilityPanel();
  readonly #events: EventCounts;
  readonly #presets: WindowPresets;
  readonly #probe: VoxelProbe;
  #series: SeriesSummary | undefined;
  #turn = 0;
  #hasStack = false;

  /** @param root - address of the DICOMweb service */
  constructor(root: string, banner: ErrorBanner) {
    this.#root = root;
    this.#banner = banner;
    initCornerstone(this.#requests.hooks);
    this.viewer = new Viewer(byId('planes'), byId('stack'), {
      onPlaneDrawn: () => {
        this.session?.noteDrawn();
        this.#frameStrip.invalidate();
      },
      onStackDrawn: () => {
        this.#show();
      },
      onWindow: (range: Types.VOIRange) => {
        this.#presets.mark(range);
      },
    });
    this.#frameStrip = this.#makeFrameStrip();
    this.#failedFrames = new FailedFramesPanel(() => {
      void this.#load((session) => session.retryFailed());
    });
    this.#probe = new VoxelProbe(this.viewer, () => this.session?.volume);
    this.#presets = new WindowPresets(byId('window-presets'), (range) => {
      this.viewer.setWindow(range);
    });
    this.#events = new EventCounts(() => {
      this.#volumeChanged();
    });
    eventTarget.addEventListener(VOLUME_PROGRESS, () => {
      this.#frameStrip.invalidate();
    });
    byId('cancel').addEventListener('click', () => this.session?.cancel());
    byId('load-again').addEventListener('click', () => void this.#load());
    byId('reload').addEventListener('click', () => void this.#open());
  }

  /** Lists the series and opens the first. */
  async start(): Promise<void> {
    this.viewer.clear();
    this.#show();
    try {
      const list = await listSeries({ wadoRsRoot: this.#root });
      const choose = (series: SeriesSummary): void => {
        seriesList.select(series);
        this.#series = series;
        void this.#open();
      };
      const seriesList = new SeriesList(byId('series-list'), list, choose);
      if (list[0]) {
        choose(list[0]);
      }
    } catch (error) {
      this.#banner.show(error);
    }
  }

  #makeFrameStrip(): FrameStrip {
    const source = {
      getStates: () => this.session?.volume.frameStates ?? [],
      getSlice: () => this.viewer.slice,
    };
    return new FrameStrip(byId('frame-strip'), source, (frameIndex) => {
      this.viewer.goToSlice(frameIndex);
    });
  }

  async #open(): Promise<void> {
    const series = this.#series;
    if (!series) {
      return;
    }
    const turn = ++this.#turn;
    this.#close();
    byId('series-title').textContent = `${patientText(series)} — ${seriesText(series)}`;
    try {
      const imageIds = await fetchSeries({ wadoRsRoot: this.#root, ...series });
      if (turn !== this.#turn) {
        return;
      }
      const { eligible, reasons } = checkVolumeEligibility(imageIds);
      if (eligible) {
        await this.#openVolume(series.seriesInstanceUID, imageIds);
      } else {
        this.#eligibility.show(reasons, imageIds.length);
        await this.viewer.showStack(imageIds, 0);
      }
    } catch (error) {
      // What belongs to a series that was left meanwhile fails because it was left.
      if (turn === this.#turn) {
        this.#banner.show(error);
      }
    } finally {
      this.#show();
    }
  }

  async #openVolume(name: string, imageIds: string[]): Promise<void> {
    this.session = await VolumeSession.create(name, imageIds, () => {
      this.#show();
    });
    const { volume } = this.session;
    this.#presets.offer(volume);
    const loading = this.#load();
    await this.viewer.showVolume(volume);
    this.#volumeChanged();
    await loading;
  }

  /** @param start - starts the load of a session; default: what is missing */
  async #load(start = (session: VolumeSession) => session.load()): Promise<void> {
    const { session } = this;
    if (!session) {
      return;
    }
    const clock = setInterval(() => {
      this.#show();
    }, CLOCK_INTERVAL_MS);
    try {
      await start(session);
    } catch (error) {
      this.#banner.show(error);
    } finally {
      clearInterval(clock);
    }
    if (session === this.session && session.state !== 'cancelled') {
      this.viewer.refine(session.volume);
    }
  }

  /** Gives everything back that belongs to the series. */
  #close(): void {
    this.viewer.clear();
    this.session?.remove();
    this.session = undefined;
    cache.purgeCache();
    this.#hasStack = false;
    this.#requests.reset();
    this.#events.reset();
    this.#probe.clear();
    this.#presets.offer(undefined);
    this.#eligibility.hide();
    this.#banner.clear();
    this.#show();
  }

  #volumeChanged(): void {
    this.#show();
    const volume = this.session?.volume;
    const middle = Math.floor((volume?.imageIds.length ?? 0) / 2);
    const isThere =
      volume && this.viewer.shows(volume) && cache.isLoaded(volume.imageIds[middle] as string);
    if (isThere && !this.#hasStack) {
      this.#hasStack = true;
      this.viewer.refine(volume);
      this.viewer.showStack(volume.imageIds, middle).catch((error: unknown) => {
        this.#banner.show(error);
      });
    }
  }

  #show(): void {
    const state = this.session?.state;
    this.#frameStrip.invalidate();
    this.#failedFrames.show(this.session?.volume, state === 'loading');
    this.#progressBar.show(this.session, this.#requests, this.#eligibility.isShown);
    byId('cancel', HTMLButtonElement).disabled = state !== 'loading';
    byId('load-again', HTMLButtonElement).disabled = state !== 'cancelled';
    byId('reload', HTMLButtonElement).disabled = !this.#series;
    const badge = byId('stack-requests');
    const count = this.session ? this.#requests.repeated : this.#requests.count;
    badge.textContent = `${count} ${count === 1 ? 'request' : 'requests'}`;
    badge.dataset['tone'] = count > 0 ? 'warn' : 'good';
  }
}
