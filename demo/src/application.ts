import { cache, eventTarget } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { VOLUME_PROGRESS } from '../../src/index.js';
import { Announcer } from './announcer.js';
import { countText } from './choice.js';
import type { Choice } from './choice.js';
import { BuiltInSession } from './comparison/builtInSession.js';
import { LoaderComparison } from './comparison/loaderComparison.js';
import type { DrawnVolume } from './drawnVolume.js';
import { EligibilityPanel } from './eligibilityPanel.js';
import type { ErrorBanner } from './errorBanner.js';
import { EventCounts } from './eventCounts.js';
import { FailedFramesPanel } from './failedFramesPanel.js';
import { firstView } from './firstView.js';
import { FrameRequests } from './frameRequests.js';
import { FrameStrip } from './frameStrip.js';
import { Fusion } from './fusion/fusion.js';
import { initCornerstone } from './initCornerstone.js';
import { listenToKeys } from './keyboard.js';
import { localChoices } from './localChoices.js';
import { Measuring } from './measuring/measuring.js';
import { byId, make } from './page.js';
import { ProgressBar } from './progressBar.js';
import { seriesOfAddress, setSeriesOfAddress } from './seriesAddress.js';
import { SeriesList } from './seriesList.js';
import { serverChoices } from './serverChoices.js';
import { TimeSeries } from './time/timeSeries.js';
import { Viewer } from './viewer.js';
import { VolumeSession } from './volumeSession.js';
import type { LoadState } from './volumeSession.js';
import { VoxelProbe } from './voxelProbe.js';
import { WindowPresets } from './windowPresets.js';

/** Interval of the update of the times while no frame arrives. */
const CLOCK_INTERVAL_MS = 250;

/** The whole page: one series is open at a time, as a volume or, where it does not form one, as a stack. */
export class Application {
  readonly viewer: Viewer;
  /** Of a volume of this package. */
  session: VolumeSession | undefined;
  /** Of a volume of Cornerstone's own loader, which is open in its place. */
  #builtIn: BuiltInSession | undefined;
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
  readonly #measuring: Measuring;
  readonly #comparison: LoaderComparison;
  readonly #announcer = new Announcer();
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
        this.#current?.noteDrawn();
        this.#frameStrip.invalidate();
      },
      onStackDrawn: () => {
        this.#fusion.drawStack();
        this.#show();
      },
      onWindow: (range: Types.VOIRange) => {
        this.#presets.mark(range);
      },
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
    this.#measuring = new Measuring(this.viewer);
    this.#comparison = new LoaderComparison(() => void this.#open());
    listenToKeys({
      scroll: (delta) => this.viewer.scroll(delta),
      onTimeKey: (key) => this.#time.handleKey(key),
      choosePreset: (index) => this.#presets.choose(index),
      reload: () => {
        void this.#open();
        return this.#choice !== undefined;
      },
    });
    byId('cancel').addEventListener('click', () => this.#current?.cancel());
    byId('load-again').addEventListener('click', () => void this.#load());
    byId('reload').addEventListener('click', () => void this.#open());
  }

  /** The state of the load of the open series. */
  get state(): LoadState {
    return this.#current?.state ?? 'idle';
  }

  get #current(): VolumeSession | BuiltInSession | undefined {
    return this.session ?? this.#builtIn;
  }

  /** Lists the series and opens the one that the address asks for, or else the first. */
  async start(): Promise<void> {
    this.viewer.clear();
    this.#show();
    try {
      this.#offer(await serverChoices(this.#root), seriesOfAddress());
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

  /** @param wanted - name of the choice to open; default: the first */
  #offer(choices: readonly Choice[], wanted = choices[0]?.name): void {
    const choose = (choice: Choice): void => {
      seriesList.select(choice);
      this.#choice = choice;
      if (!choice.isLocal) {
        setSeriesOfAddress(choice.name);
      }
      void this.#open();
    };
    this.#choices = choices;
    const seriesList = new SeriesList(byId('series-list'), choices, choose);
    const first = choices.find(({ name }) => name === wanted);
    if (first) {
      choose(first);
    } else if (wanted !== undefined) {
      this.#banner.show(`The server has no series ${wanted}. Choose one from the list.`);
    }
  }

  #makeFrameStrip(): FrameStrip {
    const source = {
      getStates: () => this.session?.volume.frameStates ?? this.#builtIn?.frameStates ?? [],
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
        this.#comparison.offer(choice.name, timePointCount === 1);
        await (this.#comparison.loader === 'builtIn'
          ? this.#openBuiltIn(choice, imageIds)
          : this.#openVolume(choice, imageIds, timePointCount));
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
    const turn = this.#turn;
    const session = await VolumeSession.create(choice.name, imageIds, timePointCount, () => {
      this.#show();
    });
    if (turn !== this.#turn) {
      session.remove();
      return;
    }
    this.session = session;
    const { volume } = session;
    this.#presets.offer(volume);
    this.#time.offer(volume);
    const loading = this.#load();
    await this.viewer.showVolume(volume);
    this.#volumeChanged();
    if (volume === this.session?.volume) {
      this.#measuring.offer();
      this.#fusion.offer(choice, this.#choices);
    }
    await loading;
    if (volume === this.session?.volume) {
      this.#showWell(volume);
    }
  }

  /** The same steps with Cornerstone's own loader. */
  async #openBuiltIn(choice: Choice, imageIds: string[]): Promise<void> {
    const turn = this.#turn;
    const session = await BuiltInSession.create(choice.name, imageIds, () => {
      this.#volumeChanged();
    });
    if (turn !== this.#turn) {
      session.remove();
      return;
    }
    this.#builtIn = session;
    this.#presets.offer(session.volume);
    const loading = session.load();
    await this.viewer.showVolume(session.volume);
    this.#volumeChanged();
    await loading;
    if (session === this.#builtIn) {
      this.#measuring.offer();
      this.viewer.refine(session.volume);
      this.#showWell(session.volume);
    }
  }

  #showWell(volume: DrawnVolume): void {
    const view = firstView(volume);
    if (!view) {
      return;
    }
    this.viewer.setWindow(view.range);
    if (view.voxel) {
      this.viewer.goToVoxel(view.voxel);
      const [, , slice] = view.voxel;
      this.viewer.showStack(volume.imageIds, slice).catch((error: unknown) => {
        this.#banner.show(error);
      });
    }
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
    this.#measuring.clear();
    this.viewer.clear();
    this.#fusion.clear();
    this.session?.remove();
    this.session = undefined;
    const builtIn = this.#builtIn;
    this.#builtIn = undefined;
    builtIn?.remove();
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
    const volume: DrawnVolume | undefined = this.#current?.volume;
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
    const session = this.#current;
    const state = session?.state;
    this.#frameStrip.invalidate();
    this.#failedFrames.show(this.session?.volume, state === 'loading');
    this.#progressBar.show(session, this.#requests, this.#eligibility.isShown);
    byId('cancel', HTMLButtonElement).disabled = state !== 'loading';
    byId('load-again', HTMLButtonElement).disabled = this.session?.state !== 'cancelled';
    byId('reload', HTMLButtonElement).disabled = !this.#choice;
    const badge = byId('stack-requests');
    const count = session ? this.#requests.repeated : this.#requests.count;
    badge.textContent = `${count} ${count === 1 ? 'request' : 'requests'}`;
    badge.dataset['tone'] = count > 0 ? 'warn' : 'good';
    if (session) {
      const { framesLoaded, framesTotal } = session.progress;
      this.#announcer.tell(session.state, framesLoaded / framesTotal);
      this.#comparison.note(session, this.#requests);
    }
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
