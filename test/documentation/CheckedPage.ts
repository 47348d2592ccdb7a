import { cache, init } from '@cornerstonejs/core';
import { init as initDicomImageLoader } from '@cornerstonejs/dicom-image-loader';
import {
  createStreamingVolume,
  fetchSeries,
  listSeries,
  registerStreamingImageVolumeLoader,
} from 'streaming-image-volume-loader';
import type { StreamingImageVolume } from 'streaming-image-volume-loader';
import type { Facts, ServerAction } from './facts.js';

const POLL_INTERVAL_MS = 10;
const TIMEOUT_MS = 30_000;

/** What a check of a code block has: a page of its own, a server of its own, and small series. */
export class CheckedPage {
  /** Of the series that the server has. */
  readonly facts: Facts;
  /** Runs the code block, and returns what it exports. */
  readonly runBlock: () => Promise<unknown>;
  readonly #act: (action: ServerAction) => Promise<number>;

  constructor(
    facts: Facts,
    runBlock: () => Promise<unknown>,
    act: (action: ServerAction) => Promise<number>,
  ) {
    this.facts = facts;
    this.runBlock = runBlock;
    this.#act = act;
  }

  /** Initialises Cornerstone3D and this package, for code blocks that do not. */
  start(): void {
    init();
    initDicomImageLoader();
    registerStreamingImageVolumeLoader();
  }

  /** The imageIds of the series of a modality. */
  async imageIds(modality = 'CT'): Promise<string[]> {
    const { wadoRsRoot } = this.facts;
    const found = (await listSeries({ wadoRsRoot })).find((each) => each.modality === modality);
    if (!found) {
      throw new Error(`The server has no series of ${modality}`);
    }
    return fetchSeries({ wadoRsRoot, ...found });
  }

  /** Initialises the libraries, and creates a volume of the CT; nothing is loaded. */
  async createVolume(): Promise<StreamingImageVolume> {
    this.start();
    return createStreamingVolume('cornerstoneStreamingImageVolume:checked', {
      imageIds: await this.imageIds(),
    });
  }

  /** Lets the server hold back the frames that are requested from now on. */
  async holdFrames(): Promise<void> {
    await this.#act({ name: 'hold' });
  }

  /** Lets held frames go, the oldest first. */
  async releaseFrames(count: number): Promise<void> {
    await this.#act({ name: 'release', count });
  }

  /** Lets the next frames fail with HTTP status 404. */
  async failFrames(count: number): Promise<void> {
    await this.#act({ name: 'fail', count });
  }

  /** Lets all frames go, and none be held back or fail any more. */
  async serveFrames(): Promise<void> {
    await this.#act({ name: 'serve' });
  }

  /** How many frames have been requested. */
  requestedFrames(): Promise<number> {
    return this.#act({ name: 'requested' });
  }

  /** How many requests have not ended. */
  requestsInFlight(): Promise<number> {
    return this.#act({ name: 'inFlight' });
  }

  /** Waits until something holds; what a page shows comes some time after what causes it. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + TIMEOUT_MS;
    while (!(await holds())) {
      if (performance.now() > end) {
        throw new Error(`Waited in vain until ${what}`);
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  /** @throws Error unless both are the same as JSON */
  equal(what: string, actual: unknown, expected: unknown): void {
    const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (found !== wanted) {
      throw new Error(`${what}: expected ${wanted}, got ${found}`);
    }
  }

  /** @throws Error unless the volume is the CT, voxel by voxel in sum */
  checkVoxels(voxels: ArrayLike<number>): void {
    let sum = 0;
    for (let i = 0; i < voxels.length; i++) {
      sum += voxels[i] ?? 0;
    }
    this.equal('the sum of the voxels', sum, this.facts.sumOfVoxels);
  }

  /** @throws Error unless the cache has so many volumes */
  checkCache(volumes: number): void {
    this.equal('volumes in the cache', cache.getVolumes().length, volumes);
  }
}
