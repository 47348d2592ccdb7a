import { Enums } from '@cornerstonejs/core';
import { pause } from './pause.js';
import { Picture } from './Picture.js';
import type { AnyViewport } from './viewports.js';

/** Least time between two looks at the canvases: looking waits for all pending drawing. */
const LOOK_INTERVAL_MS = 100;
/** As many equal looks in a row show that a picture is final. */
const EQUAL_LOOKS = 3;
const TIME_LIMIT_MS = 60_000;
/** Greys above it are a part of what a picture shows. */
const BACKGROUND = 12;
const WHITE = 255;

/** A picture that was on the canvas at a time. */
interface Look {
  /** Of `performance.now()`, after the canvas was read. */
  readonly time: number;
  readonly greys: Uint8Array;
}

/**
 * Reads the pictures of viewports while a volume loads, at most ten times a second and only after a render, and says
 * afterwards when they had become recognisable.
 */
export class PictureRecorder {
  readonly #viewports: readonly AnyViewport[];
  readonly #looks: Look[][];
  readonly #rendered: Set<AnyViewport>;
  #isStopped = false;

  /** Begins at once. */
  constructor(viewports: readonly AnyViewport[]) {
    this.#viewports = viewports;
    this.#looks = viewports.map(() => []);
    this.#rendered = new Set();
    for (const viewport of viewports) {
      viewport.element.addEventListener(Enums.Events.IMAGE_RENDERED, () => {
        this.#rendered.add(viewport);
      });
    }
    void this.#look();
  }

  /**
   * Renders until no picture changes any more, and stops.
   *
   * @throws Error when the pictures still change after a minute
   */
  async settle(): Promise<void> {
    const end = performance.now() + TIME_LIMIT_MS;
    const counts = (): number[] => this.#looks.map(({ length }) => length);
    for (let equal = 0; equal < EQUAL_LOOKS;) {
      const before = counts();
      const last = this.#finalGreys();
      this.#viewports.forEach((viewport) => viewport.render());
      while (counts().some((count, index) => count === before[index])) {
        if (performance.now() > end) {
          throw new Error('The pictures still change a minute after the load');
        }
        await pause(LOOK_INTERVAL_MS / 4);
      }
      const now = this.#finalGreys();
      equal = now.every((greys, index) => isEqual(greys, last[index])) ? equal + 1 : 0;
    }
    this.#isStopped = true;
  }

  /**
   * The time, of `performance.now()`, from which on each picture differs from its final one by less than a mean error.
   *
   * @param error - sum of the absolute differences of greys, as a part of white, for each pixel that is not black in
   *   the final picture
   * @throws Error when a final picture is black
   */
  timeOf(error: number): number {
    return Math.max(
      ...this.#looks.map((looks, index) => {
        const final = looks.at(-1)?.greys ?? new Uint8Array();
        const shown = final.reduce((count, grey) => count + (grey > BACKGROUND ? 1 : 0), 0);
        if (shown === 0) {
          throw new Error(`The final picture of ${String(this.#viewports[index]?.id)} is black`);
        }
        const lastWrong = looks.findLastIndex(
          ({ greys }) => differenceOf(greys, final) / shown / WHITE >= error,
        );
        return (looks[lastWrong + 1] as Look).time;
      }),
    );
  }

  async #look(): Promise<void> {
    while (!this.#isStopped) {
      this.#viewports.forEach((viewport, index) => {
        if (this.#rendered.delete(viewport)) {
          const greys = new Picture(viewport).thinnedOut();
          this.#looks[index]?.push({ time: performance.now(), greys });
        }
      });
      await pause(LOOK_INTERVAL_MS);
    }
  }

  #finalGreys(): (Uint8Array | undefined)[] {
    return this.#looks.map((looks) => looks.at(-1)?.greys);
  }
}

function isEqual(some: Uint8Array | undefined, others: Uint8Array | undefined): boolean {
  return some !== undefined && others !== undefined && differenceOf(some, others) === 0;
}

function differenceOf(some: Uint8Array, others: Uint8Array): number {
  return some.reduce((sum, grey, index) => sum + Math.abs(grey - (others[index] as number)), 0);
}
