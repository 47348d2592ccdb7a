import { cache } from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import {
  createStreamingVolume,
  DYNAMIC_VOLUME_SCHEME,
  isStreamingVolumeError,
  prefetchVolume,
  VOLUME_SCHEME,
} from 'streaming-image-volume-loader';
import type { CreateVolumeOptions, StreamingImageVolume } from 'streaming-image-volume-loader';
import { checkTimePoints, checkVoxels } from '../checkVoxels.js';
import type { Series } from '../fetchSeries.js';
import { hashOf } from '../hashOf.js';
import { pause } from '../pause.js';
import { PlayedPictures } from '../PlayedPictures.js';
import { SliceView } from '../SliceView.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { DynamicVolume } from '../volumes.js';

/** What a piece of work has done. */
export interface Tally extends Readonly<Record<string, number>> {
  /** Volumes that were made. */
  readonly volumes: number;
  /** Creations and loads that were cancelled before their end. */
  readonly cancelled: number;
  /** Frames that were reported as failed. */
  readonly failed: number;
  /** Time points that were gone to. */
  readonly played: number;
}

export const NOTHING: Tally = { volumes: 0, cancelled: 0, failed: 0, played: 0 };
const ONE_VOLUME: Tally = { ...NOTHING, volumes: 1 };

/** Between two time points that are played. */
const PLAY_INTERVAL_MS = 40;
/** How many times all time points are played. */
const PLAY_ROUNDS = 2;
/** Backoff after a fault: the server answers at once the second time. */
const RETRY_DELAY_MS = 5;

let created = 0;

/** A volume is drawn while it loads, compared with the truth, and removed. */
export async function loadAndDraw(series: Series): Promise<Tally> {
  const volume = await create(series);
  const slice = Math.floor(series.imageIds.length / 2);
  const view = new SliceView(volume);
  const drawn = view.drawn(series, slice);
  await view.show(slice);
  await loadAll(volume);
  await drawn;
  await checkVoxels(volume, series);
  remove(volume);
  view.close();
  return ONE_VOLUME;
}

/**
 * A volume that is on the screen is cancelled while it loads, loaded again, compared, and removed.
 *
 * @param delayMs - from the start of the load until it is cancelled; 0: at once
 */
export async function cancelAndResume(series: Series, delayMs: number): Promise<Tally> {
  const volume = await create(series);
  const view = new SliceView(volume);
  await view.show(0);
  const cancelled = await interrupt(volume, delayMs, () => volume.cancelLoading());
  await loadAll(volume);
  await checkVoxels(volume, series);
  view.close();
  remove(volume);
  return { ...ONE_VOLUME, cancelled };
}

/** A volume that is on the screen is removed while it loads. */
export async function removeWhileLoading(series: Series, delayMs: number): Promise<Tally> {
  const volume = await create(series);
  const view = new SliceView(volume);
  await view.show(0);
  const cancelled = await interrupt(volume, delayMs, () => remove(volume));
  view.close();
  return { ...ONE_VOLUME, cancelled };
}

/** A creation is abandoned, and then a load, by the signal of the creation. */
export async function abortBySignal(series: Series, delayMs: number): Promise<Tally> {
  const early = new AbortController();
  const creating = create(series, { signal: early.signal });
  early.abort();
  const abandoned = await creating.then((volume) => {
    remove(volume);
    return 0;
  }, throwUnlessCancelled);
  const late = new AbortController();
  const volume = await create(series, { signal: late.signal });
  const cancelled = await interrupt(volume, delayMs, () => late.abort());
  remove(volume);
  return { ...ONE_VOLUME, cancelled: abandoned + cancelled };
}

/** A prefetch is abandoned while it loads, and a volume takes over what another one has loaded so far. */
export async function prefetchAndTakeOver(series: Series, delayMs: number): Promise<Tally> {
  const controller = new AbortController();
  const { signal } = controller;
  const abandoned = prefetchVolume(series.imageIds, { signal }).then(({ volumeId }) => {
    cache.removeVolumeLoadObject(volumeId);
    return 0;
  }, throwUnlessCancelled);
  await pause(delayMs);
  controller.abort();
  const cancelled = await abandoned;
  const prefetching = prefetchVolume(series.imageIds);
  await pause(delayMs);
  const volume = await create(series);
  await loadAll(volume);
  // Its own, when it was over before.
  const { volumeId } = await prefetching;
  if (volumeId !== volume.volumeId && cache.getVolumeLoadObject(volumeId)) {
    throw new Error(`${volumeId} was not taken over by another volume of the same frames`);
  }
  await checkVoxels(volume, series);
  remove(volume);
  return { ...NOTHING, volumes: 3, cancelled };
}

/** The frames of a volume stay as Images when it leaves the cache; another volume is filled from them. */
export async function reopenFromImages(series: Series): Promise<Tally> {
  const volume = await create(series);
  await loadAll(volume);
  volume.decache();
  const successor = await create(series);
  await loadAll(successor);
  await checkVoxels(successor, series);
  remove(successor);
  for (const imageId of series.imageIds) {
    if (cache.getImageLoadObject(imageId)) {
      cache.removeImageLoadObject(imageId);
    }
  }
  return { ...NOTHING, volumes: 2 };
}

/**
 * A volume is loaded whose frames fail the first time: some are right after a retry, the others are reported, and right
 * after the application has asked for them again.
 */
export async function loadWithFaults(series: Series): Promise<Tally> {
  const volume = await create(series, { retries: 1, retryDelayMs: RETRY_DELAY_MS });
  const { failed } = await volume.load();
  for (const { error, imageId } of failed) {
    if (!isStreamingVolumeError(error)) {
      throw new Error(`${imageId} failed with an error of no code: ${String(error)}`);
    }
  }
  checkLoadedSlices(volume, series, new Set(failed.map(({ imageId }) => imageId)));
  const { failed: stillFailed } = await volume.retryFailedFrames();
  if (stillFailed.length > 0) {
    throw new Error(`${stillFailed.length} frames failed again: ${stillFailed[0]?.error.message}`);
  }
  await checkVoxels(volume, series);
  remove(volume);
  return { ...ONE_VOLUME, failed: failed.length };
}

/** A volume of compressed frames is loaded while it is on the screen, compared, and removed. */
export async function loadCompressed(series: Series): Promise<Tally> {
  const volume = await create(series);
  const view = new SliceView(volume);
  await view.show(Math.floor(series.imageIds.length / 2));
  await loadAll(volume);
  await checkVoxels(volume, series);
  view.close();
  remove(volume);
  return ONE_VOLUME;
}

/** Volumes of DICOM files, from the server and as the page has them, are loaded, one of them after a cancel, and removed. */
export async function loadFiles(series: Series, delayMs: number): Promise<Tally> {
  const fromServer = withImageIds(
    series,
    series.fileUrls.map((url) => `wadouri:${url}`),
  );
  const cancelled = await cancelAndResume(fromServer, delayMs);
  const blobs = await Promise.all(series.fileUrls.map(async (url) => (await fetch(url)).blob()));
  const inPage = withImageIds(
    series,
    blobs.map((blob, index) => wadouri.fileManager.add(new File([blob], `${index + 1}.dcm`))),
  );
  await loadAndDraw(inPage);
  for (const imageId of inPage.imageIds) {
    wadouri.fileManager.remove(Number(imageId.split(':')[1]));
  }
  return { ...cancelled, volumes: cancelled.volumes + 1 };
}

/** The series under other imageIds. */
function withImageIds(series: Series, imageIds: string[]): Series {
  const originals = new Map(imageIds.map((imageId, index) => [imageId, series.imageIds[index]]));
  const original = (imageId: string): string => originals.get(imageId) ?? imageId;
  return {
    ...series,
    imageIds,
    bandsOf: (imageId) => series.bandsOf(original(imageId)),
    hashOf: (imageId) => series.hashOf(original(imageId)),
  };
}

/** The time points of a volume are played while it loads; then all are compared, and the volume is removed. */
export async function playWhileLoading(series: Series): Promise<Tally> {
  const volume = (await createVolume(series, DYNAMIC_VOLUME_SCHEME)) as DynamicVolume;
  const pictures = new PlayedPictures(volume, series);
  const loading = loadVolume(volume);
  await pictures.show();
  const played = PLAY_ROUNDS * volume.numDimensionGroups;
  for (let step = 0; step < played; step++) {
    volume.scroll(1);
    await pause(PLAY_INTERVAL_MS);
  }
  await loading;
  await checkTimePoints(volume, series);
  pictures.close();
  cache.removeVolumeLoadObject(volume.volumeId);
  return { ...ONE_VOLUME, played };
}

/** Each volumeId is new, as in a viewer that opens one study after the other. */
function create(
  { imageIds }: Series,
  options: Omit<CreateVolumeOptions, 'imageIds'> = {},
): Promise<StreamingImageVolume> {
  return createStreamingVolume(`${VOLUME_SCHEME}:soak-${++created}`, { ...options, imageIds });
}

function remove({ volumeId }: StreamingImageVolume): void {
  cache.removeVolumeLoadObject(volumeId);
}

/** @throws Error when a frame has failed */
async function loadAll(volume: StreamingImageVolume): Promise<void> {
  const { failed } = await volume.load();
  if (failed[0]) {
    throw new Error(`${failed.length} frames failed: ${failed[0].error.message}`);
  }
}

/**
 * Loads a volume and interrupts that.
 *
 * @returns 1 when the load was cancelled, 0 when it was over before
 * @throws what the load rejects with, when that is no cancel
 */
async function interrupt(
  volume: StreamingImageVolume,
  delayMs: number,
  stop: () => void,
): Promise<number> {
  const outcome = volume.load().then(() => 0, throwUnlessCancelled);
  if (delayMs > 0) {
    await pause(delayMs);
  }
  stop();
  return outcome;
}

function throwUnlessCancelled(error: unknown): 1 {
  const isAbort = error instanceof DOMException && error.name === 'AbortError';
  if (isAbort || isStreamingVolumeError(error, 'volume-removed')) {
    return 1;
  }
  throw error;
}

/** @throws Error that names the first slice with another voxel, of those that have not failed */
function checkLoadedSlices(
  volume: StreamingImageVolume,
  series: Series,
  failed: ReadonlySet<string>,
): void {
  const voxels = volume.getScalarData();
  volume.imageIds.forEach((imageId, slice) => {
    const from = slice * series.voxelsPerFrame;
    const isRight = hashOf(voxels, from, from + series.voxelsPerFrame) === series.hashOf(imageId);
    if (!failed.has(imageId) && !isRight) {
      throw new Error(`Slice ${slice} has other voxels than the server, beside failed ones`);
    }
  });
}
