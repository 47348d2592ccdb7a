import { cache, eventTarget } from '@cornerstonejs/core';
import { VOLUME_PROGRESS } from '../../src/index.js';
import type { Choice } from './choice.js';
import { EligibilityPanel } from './eligibilityPanel.js';
import type { ErrorBanner } from './errorBanner.js';
import { FrameRequests } from './frameRequests.js';
import { FrameStrip } from './frameStrip.js';
import { initCornerstone } from './initCornerstone.js';
import { localChoices } from './localChoices.js';
import { byId } from './page.js';
import { ProgressBar } from './progressBar.js';
import { SeriesList } from './seriesList.js';
import { serverChoices } from './serverChoices.js';
import { VolumeSession } from './volumeSession.js';
import type { LoadState } from './volumeSession.js';

/** The page where the browser cannot draw: series are listed and loaded, and no picture is shown. */
export class Undrawn {
  session: VolumeSession | undefined;
  readonly #root: string;
  readonly #banner: ErrorBanner;
  readonly #requests = new FrameRequests();
  readonly #progressBar = new ProgressBar();
  readonly #eligibility = new EligibilityPanel();
  readonly #frameStrip: FrameStrip;
  #choices: readonly Choice[] = [];
  #choice: Choice | undefined;

  /** @param root - address of the DICOMweb service */
  constructor(root: string, banner: ErrorBanner) {
    this.#root = root;
    this.#banner = banner;
    initCornerstone();
    document.body.dataset['drawing'] = 'none';
    byId('not-drawn').hidden = false;
    this.#frameStrip = new FrameStrip(
      byId('frame-strip'),
      { getStates: () => this.session?.volume.frameStates ?? [], getSlice: () => undefined },
      () => {},
    );
    eventTarget.addEventListener(VOLUME_PROGRESS, () => {
      this.#show();
    });
    byId('cancel').addEventListener('click', () => this.session?.cancel());
    byId('load-again').addEventListener('click', () => void this.#run(() => this.session?.load()));
    byId('reload').addEventListener('click', () => void this.#run(() => this.#open()));
  }

  /** The state of the load of the chosen series. */
  get state(): LoadState {
    return this.session?.state ?? 'idle';
  }

  /** Lists the series; none is loaded before it is chosen. */
  async start(): Promise<void> {
    await this.#run(async () => {
      this.#offer(await serverChoices(this.#root));
    });
  }

  /** Lists the series of local files before the others. */
  async openFiles(files: readonly File[]): Promise<void> {
    await this.#run(async () => {
      this.#offer([...(await localChoices(files, () => {})), ...this.#choices]);
    });
  }

  #offer(choices: readonly Choice[]): void {
    this.#choices = choices;
    const list = new SeriesList(byId('series-list'), choices, (choice) => {
      list.select(choice);
      this.#choice = choice;
      void this.#run(() => this.#open());
    });
  }

  async #open(): Promise<void> {
    const choice = this.#choice;
    if (!choice) {
      return;
    }
    this.#close();
    byId('series-title').textContent = `${choice.patient} — ${choice.description}`;
    const { imageIds, reasons, timePointCount } = await choice.open();
    if (choice !== this.#choice) {
      return;
    }
    if (reasons.length > 0) {
      this.#eligibility.show(reasons, choice.imageCount);
      return;
    }
    this.session = await VolumeSession.create(choice.name, imageIds, timePointCount, () => {
      this.#show();
    });
    await this.session.load();
  }

  #close(): void {
    this.session?.remove();
    this.session = undefined;
    cache.purgeCache();
    this.#requests.reset();
    this.#eligibility.hide();
    this.#banner.clear();
    this.#show();
  }

  async #run(work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#banner.show(error);
    } finally {
      this.#show();
    }
  }

  #show(): void {
    const state = this.session?.state;
    this.#frameStrip.invalidate();
    this.#progressBar.show(this.session, this.#requests, this.#eligibility.isShown);
    byId('cancel', HTMLButtonElement).disabled = state !== 'loading';
    byId('load-again', HTMLButtonElement).disabled = state !== 'cancelled';
    byId('reload', HTMLButtonElement).disabled = !this.#choice;
  }
}
