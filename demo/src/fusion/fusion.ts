import type { Choice } from '../choice.js';
import type { Viewer } from '../viewer.js';
import { VolumeSession } from '../volumeSession.js';
import { voxelUnit } from '../voxelUnits.js';
import { OverlayBar } from './overlayBar.js';
import { overlayChoices } from './overlayChoices.js';
import { overlayStyle } from './overlayStyle.js';
import { addOverlay, registerColorMaps, removeOverlay, styleOverlay } from './planeOverlay.js';
import { StackWash } from './stackWash.js';
import type { Wash } from './stackWash.js';

/** A second volume over the open one: PET or dose over CT. It is streamed as the open one is. */
export class Fusion {
  readonly #viewer: Viewer;
  readonly #onError: (error: unknown) => void;
  readonly #bar: OverlayBar;
  readonly #stackWash: StackWash;
  #session: VolumeSession | undefined;
  #wash: Wash | undefined;
  #turn = 0;

  /** @param onError - called when an overlay cannot be shown */
  constructor(viewer: Viewer, onError: (error: unknown) => void) {
    registerColorMaps();
    this.#viewer = viewer;
    this.#onError = onError;
    this.#stackWash = new StackWash(viewer.stackElement);
    this.#bar = new OverlayBar(
      (choice) => {
        this.#open(choice).catch(onError);
      },
      (opacity) => {
        this.#restyle(opacity);
      },
    );
  }

  /** The volume of the overlay, if there is one. */
  get volume(): VolumeSession['volume'] | undefined {
    return this.#wash?.volume;
  }

  /** Offers what can be laid over the open series. */
  offer(base: Choice, choices: readonly Choice[]): void {
    this.#bar.offer(overlayChoices(base, choices));
  }

  /** To be called when pixels of a volume have arrived: its colours follow its values. */
  noteProgress(volumeId: string): void {
    if (this.#wash?.volume.volumeId === volumeId) {
      this.#restyle(this.#bar.opacity);
    }
  }

  /** To be called when the stack was drawn. */
  drawStack(): void {
    this.#stackWash.draw(this.#viewer.stackViewport, this.#wash);
  }

  /** To be called when the open series is closed, once the viewports show nothing. */
  clear(): void {
    this.#turn += 1;
    this.#wash = undefined;
    this.#session?.remove();
    this.#session = undefined;
    this.#bar.offer([]);
    this.drawStack();
  }

  async #open(choice: Choice | undefined): Promise<void> {
    const turn = ++this.#turn;
    this.#remove();
    if (!choice) {
      return;
    }
    this.#bar.show(undefined, 'Opening …');
    try {
      const { imageIds, reasons } = await choice.open();
      if (turn !== this.#turn) {
        return;
      }
      if (reasons[0]) {
        throw new Error(`${choice.description} cannot be an overlay: ${reasons[0].message}`);
      }
      const session = await VolumeSession.create(choice.name, imageIds, 1, () => {
        this.#show();
      });
      if (turn !== this.#turn) {
        session.remove();
        return;
      }
      await this.#load(session, turn);
    } catch (error) {
      if (turn === this.#turn) {
        this.#remove();
        this.#onError(error);
      }
    }
  }

  async #load(session: VolumeSession, turn: number): Promise<void> {
    this.#session = session;
    const loading = session.load();
    // Reported below, after the volume is shown.
    loading.catch(() => {});
    this.#wash = makeWash(session.volume, this.#bar.opacity);
    await addOverlay(this.#viewer.planeViewports, this.#wash);
    if (turn === this.#turn) {
      this.#restyle(this.#bar.opacity);
    }
    await loading;
    if (turn === this.#turn) {
      this.#restyle(this.#bar.opacity);
    }
  }

  #remove(): void {
    if (this.#wash) {
      removeOverlay(this.#viewer.planeViewports, this.#wash);
    }
    this.#wash = undefined;
    this.#session?.remove();
    this.#session = undefined;
    this.#show();
    this.drawStack();
  }

  #restyle(opacity: number): void {
    const volume = this.#wash?.volume;
    if (volume) {
      this.#wash = makeWash(volume, opacity);
      styleOverlay(this.#viewer.planeViewports, this.#wash);
      this.drawStack();
      this.#show();
    }
  }

  #show(): void {
    const session = this.#session;
    const { framesLoaded = 0, framesTotal = 0 } = session?.volume.progress ?? {};
    this.#bar.show(
      this.#wash && { style: this.#wash.style, unit: voxelUnit(this.#wash.volume) },
      session && session.state !== 'complete' ? `${framesLoaded} / ${framesTotal}` : '',
    );
  }
}

function makeWash(volume: VolumeSession['volume'], opacity: number): Wash {
  const [, highest = 0] = volume.voxelManager?.getRange() ?? [];
  const style = overlayStyle(
    volume.metadata.Modality,
    voxelUnit(volume),
    highest > 0 ? highest : 1,
  );
  return { volume, style, opacity };
}
