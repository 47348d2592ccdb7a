import { cache, eventTarget } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { VOLUME_PROGRESS } from '../../src/index.js';
import { countText } from './choice.js';
import type { Choice } from './choice.js';
import { EligibilityPanel } from './eligibilityPanel.js';
import type { ErrorBanner } from './errorBanner.js';
import { EventCounts } from './eventCounts.js';
import { FailedFramesPanel } from './failedFramesPanel.js';
import { FrameRequests } from './frameRequests.js';
import { FrameStrip } from './frameStrip.js';
import { Fusion } from './fusion/fusion.js';
import { initCornerstone } from './initCornerstone.js';
import { localChoices } from './localChoices.js';
import { byId, make } from './page.js';
import { ProgressBar } from './progressBar.js';
import { SeriesList } from './seriesList.js';
import { serverChoices } from './serverChoices.js';
import { TimeSeries } from './time/timeSeries.js';
import { Viewer } from './viewer.js';
import { VolumeSession } from './volumeSession.js';
import { VoxelProbe } from './voxelProbe.js';
import { WindowPresets } from './windowPresets.js';

/** Interval of the update of the times while no frame arrives. */
const CLOCK_INTERVAL_MS = 250;

/** The whole page: one series is open at a time, as a volume or, where it does not form one, as a stack. */
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
  readonly #fusion: Fusion;
  readonly #time: TimeSeries;
  #choices: readonly Choice[] = [];
  #choice: Choice | undefined;
  #turn = 0;
  #hasStack = false;

  /** @param root - address of the DICOMweb service */
  constructor(root: string, banner: ErrorBanner) {
    this.#root = root;
    this.#banner = banner;
    initCornerstone();
    this.viewer = new Viewer(byId('planes'), byId('stack'), {
      onPlaneDrawn: () => {
        this.session?.noteDrawn();
        this.#frameStrip.invalidate();
      },
      onStackDrawn: () => {
        this.#fusion.drawStack();
        this.#show();
      },
      onWindow: (range: Types.VOIRange) => {
        this.#presets.mark(range);
      },
      onKey: (key) => this.#time.handleKey(key),
    });
    this.#fusion = new Fusion(this.viewer, (error) => {
      banner.show(error);
    });
    this.#time = new TimeSeries(this.viewer, () => {
      this.#probe.update();
      this.#show();
    });
    this.#frameStrip = this.#makeFrameStrip();
    this.#failedFrames = new FailedFramesPanel(() => {
      void this.#load((session) => session.retryFailed());
    });
    this.#probe = new VoxelProbe(this.viewer, {
      getVolume: () => this.session?.volume,
      getOverlay: () => this.#fusion.volume,
      onVoxel: (voxel) => {
        this.#time.point(voxel);
      },
    });
    this.#presets = new WindowPresets(byId('window-presets'), (range) => {
      this.viewer.setWindow(range);
    });
    this.#events = new EventCounts(() => {
      this.#volumeChanged();
    });
    eventTarget.addEventListener(VOLUME_PROGRESS, (event: Event) => {
      this.#frameStrip.invalidate();
      this.#fusion.noteProgress((event as CustomEvent<{ volumeId: string }>).detail.volumeId);
      this.#time.draw();
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
      this.#offer(await serverChoices(this.#root));
    } catch (error) {
      this.#banner.show(error);
    }
  }

  /** Lists the series of local files before the others, and opens the first of them. */
  async openFiles(files: readonly File[]): Promise<void> {
    const title = byId('series-title');
    const before = title.textContent;
    try {
      const found = await localChoices(files, (done, total) => {
        title.textContent = `Reading the headers of ${countText(total, 'file')} … ${done}`;
      });
      this.#offer([...found, ...this.#choices]);
    } catch (error) {
      title.textContent = before;
      this.#banner.show(error);
    }
  }

  #offer(choices: readonly Choice[]): void {
    const choose = (choice: Choice): void => {
      seriesList.select(choice);
      this.#choice = choice;
      void this.#open();
    };
    this.#choices = choices;
    const seriesList = new SeriesList(byId('series-list'), choices, choose);
    if (choices[0]) {
      choose(choices[0]);
    }
  }

  #makeFrameStrip(): FrameStrip {
    const source = {
      getStates: () => this.session?.volume.frameStates ?? [],
      getSlice: () => this.#time.frameOf(this.viewer.slice),
      getStandIn: (frameIndex: number) => {
        // Only the time point that is shown has stand-ins.
        const first = this.#time.frameOf(0) ?? 0;
        const shown = this.session?.volume.standInFor(frameIndex - first);
        return shown === undefined ? undefined : first + shown;
      },
      getSlicesPerTimePoint: () => this.#time.slicesPerTimePoint,
    };
    return new FrameStrip(byId('frame-strip'), source, (frameIndex) => {
      this.viewer.goToSlice(this.#time.goToFrame(frameIndex));
    });
  }

  async #open(): Promise<void> {
    const choice = this.#choice;
    if (!choice) {
      return;
    }
    const turn = ++this.#turn;
    this.#close();
    byId('series-title').textContent = `${choice.patient} — ${choice.description}`;
    try {
      const { imageIds, reasons, warnings, timePointCount } = await choice.open();
      if (turn !== this.#turn) {
        return;
      }
      if (reasons.length === 0) {
        showWarnings(warnings);
        await this.#openVolume(choice, imageIds, timePointCount);
        return;
      }
      this.#eligibility.show(reasons, choice.imageCount);
      if (imageIds.length > 0) {
        await this.viewer.showStack(imageIds, 0);
      }
    } catch (error) {
      // Work for a series that was closed meanwhile fails because it was closed.
      if (turn === this.#turn) {
        this.#banner.show(error);
      }
    } finally {
      this.#show();
    }
  }

  async #openVolume(choice: Choice, imageIds: string[], timePointCount: number): Promise<void> {
    this.session = await VolumeSession.create(choice.name, imageIds, timePointCount, () => {
      this.#show();
    });
    const { volume } = this.session;
    this.#presets.offer(volume);
    this.#time.offer(volume);
    const loading = this.#load();
    await this.viewer.showVolume(volume);
    this.#volumeChanged();
    if (volume === this.session?.volume) {
      this.#fusion.offer(choice, this.#choices);
    }
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

  /** Releases everything that belongs to the series. */
  #close(): void {
    this.#time.offer(undefined);
    this.viewer.clear();
    this.#fusion.clear();
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
    const middle = Math.floor((volume?.dimensions[2] ?? 0) / 2);
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
    byId('reload', HTMLButtonElement).disabled = !this.#choice;
    const badge = byId('stack-requests');
    const count = this.session ? this.#requests.repeated : this.#requests.count;
    badge.textContent = `${count} ${count === 1 ? 'request' : 'requests'}`;
    badge.dataset['tone'] = count > 0 ? 'warn' : 'good';
  }
}

/** Beside the title, which names the series. */
function showWarnings(warnings: readonly string[]): void {
  if (warnings.length > 0) {
    const title = byId('series-title');
    const note = make('span', 'warning', `⚠ ${warnings.join(' ')}`);
    note.title = warnings.join('\n');
    title.append(' ', note);
  }
}
