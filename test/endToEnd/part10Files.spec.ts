import { cache, Enums, eventTarget, imageLoader, metaData } from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';
import { prefetchMetadata, prefetchVolume } from '../../src/index.js';
import type { StreamingImageVolume } from '../../src/index.js';
import { findPart10File } from '../../src/headers/part10/part10Files.js';
import { createVolume } from '../support/createVolume.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { encodePart10 } from '../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from '../support/imageElements.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { filesFromDisk } from '../support/openSeries.js';
import { fileRequests, releaseAnswers, resetServer, setFaults } from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { until } from '../support/until.js';

const FRAMES = 24;

let useCount = 0;

/** Frames of one file, whose header is known and whose pixels are not there yet. */
async function openMultiFrame(): Promise<string[]> {
  useCount += 1;
  const { instances } = await fetchSeries(dicomWebRoot('synthetic/mr-multi-frame') as string);
  const sop = dicomText(instances[0] as (typeof instances)[number], '00080018');
  const files = `${String(karmaFixtures['origin'])}/data/synthetic/mr-multi-frame/files`;
  // Of its own, as Cornerstone keeps the headers of an address for good.
  const base = `wadouri:${files}/${sop}.dcm?of=part10-files-${useCount}`;
  const imageIds = Array.from({ length: FRAMES }, (_, index) => `${base}&frame=${index + 1}`);
  await prefetchMetadata(imageIds);
  await resetServer();
  return imageIds;
}

function expectKept(imageIds: readonly string[], isKept: boolean): void {
  const file = findPart10File(imageIds[0] as string);
  expect(file).toBeDefined();
  expect((file?.bytes ?? file?.dataSet) !== undefined).toBe(isKept);
}

/** One frame after the other, so that no two of them share a download that is under way. */
const ONE_BY_ONE = { maxInFlight: 1, retries: 0 };

/** Calls a function as soon as the third of these frames is loaded, before the next is. */
function atThird(imageIds: readonly string[], act: () => void): void {
  let seen = 0;
  const look = ((event: CustomEvent<{ image: { imageId: string } }>): void => {
    seen += imageIds.includes(event.detail.image.imageId) ? 1 : 0;
    if (seen === 3) {
      eventTarget.removeEventListener(Enums.Events.IMAGE_CACHE_IMAGE_ADDED, look);
      act();
    }
  }) as EventListener;
  eventTarget.addEventListener(Enums.Events.IMAGE_CACHE_IMAGE_ADDED, look);
}

/** Loads the frames as a load strategy does, each in a task of its own: downloads are shared within a task. */
async function loadInTasks(volume: StreamingImageVolume): Promise<void> {
  for (const { callLoadImage, imageId, imageIdIndex, options } of volume.getImageLoadRequests()) {
    await callLoadImage(imageId, imageIdIndex, options);
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
  }
}

async function expectLoaded(volume: StreamingImageVolume, downloads: number): Promise<void> {
  expect(await volume.load()).toEqual({ framesLoaded: volume.imageIds.length, failed: [] });
  expect((await fileRequests()).length).toBe(downloads);
}

describe('A1: a file of many frames that two volumes share', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it('is downloaded once for one of them when the other is removed', async () => {
    const imageIds = await openMultiFrame();
    const other = await createVolume(imageIds, ONE_BY_ONE);
    const volume = await createVolume(imageIds.slice(0, 15), ONE_BY_ONE);
    cache.removeVolumeLoadObject(other.volumeId);
    await loadInTasks(volume);
    expect(volume.framesLoaded).toBe(15);
    expect((await fileRequests()).length).toBe(1);
    expectKept(imageIds, false);
  });

  it('is kept for the other when one has all of its frames', async () => {
    const imageIds = await openMultiFrame();
    const volume = await createVolume(imageIds.slice(0, 16), ONE_BY_ONE);
    const other = await createVolume(imageIds.slice(8), ONE_BY_ONE);
    await expectLoaded(volume, 1);
    cache.removeVolumeLoadObject(volume.volumeId);
    expectKept(imageIds, true);
    await expectLoaded(other, 1);
    expectKept(imageIds, false);
  });

  it('is downloaded once when one is removed half-way', async () => {
    const imageIds = await openMultiFrame();
    const other = await createVolume(imageIds, ONE_BY_ONE);
    const volume = await createVolume(imageIds.slice(0, 15), ONE_BY_ONE);
    atThird(imageIds, () => {
      cache.removeVolumeLoadObject(other.volumeId);
    });
    await expectAsync(other.load()).toBeRejected();
    await loadInTasks(volume);
    expect(volume.framesLoaded).toBe(15);
    expect((await fileRequests()).length).toBe(1);
    expectKept(imageIds, false);
  });

  it('is downloaded once for a volume that takes the place of a prefetched one', async () => {
    const imageIds = await openMultiFrame();
    let taking: Promise<StreamingImageVolume> | undefined;
    atThird(imageIds, () => {
      taking = createVolume(imageIds, ONE_BY_ONE);
    });
    await prefetchVolume(imageIds, ONE_BY_ONE);
    const volume = (await taking) as StreamingImageVolume;
    expect((await fileRequests()).length).toBe(1);
    expect(firstWrongVoxel(volume, 'mr-multi-frame')).toBe('none');
    expectKept(imageIds, false);
  });
});

describe('A2: a file of many frames is not kept', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  it('for a frame that was taken from the image cache', async () => {
    const imageIds = await openMultiFrame();
    await imageLoader.loadAndCacheImage(imageIds[3] as string);
    const volume = await createVolume(imageIds, ONE_BY_ONE);
    await volume.load();
    expect(firstWrongVoxel(volume, 'mr-multi-frame')).toBe('none');
    expectKept(imageIds, false);
  });

  it('for frames that were taken from another volume', async () => {
    const imageIds = await openMultiFrame();
    const volume = await createVolume(imageIds.slice(0, 16), ONE_BY_ONE);
    await volume.load();
    const other = await createVolume(imageIds, ONE_BY_ONE);
    expect((await other.load()).failed).toEqual([]);
    expect(firstWrongVoxel(other, 'mr-multi-frame')).toBe('none');
    expectKept(imageIds, false);
  });

  it('for a volume whose load is cancelled, until it is loaded again', async () => {
    const imageIds = await openMultiFrame();
    const volume = await createVolume(imageIds, ONE_BY_ONE);
    atThird(imageIds, () => {
      expectKept(imageIds, true);
      volume.cancelLoading();
    });
    await expectAsync(volume.load()).toBeRejected();
    await until(() => !volume.frameStates.includes('loading'));
    expectKept(imageIds, false);
    expect(await volume.load()).toEqual({ framesLoaded: FRAMES, failed: [] });
    expect((await fileRequests()).length).toBeLessThan(3);
    expect(firstWrongVoxel(volume, 'mr-multi-frame')).toBe('none');
    expectKept(imageIds, false);
  });

  it('for a frame that has failed, and is downloaded once when failed frames are tried again', async () => {
    const imageIds = await openMultiFrame();
    await setFaults([{ match: '/files/', status: 404, times: FRAMES - 3 }]);
    const volume = await createVolume(imageIds, ONE_BY_ONE);
    expect((await volume.load()).failed.length).toBe(FRAMES - 3);
    expectKept(imageIds, false);
    await resetServer();
    await volume.retryFailedFrames();
    expect((await fileRequests()).length).toBe(1);
    expect(firstWrongVoxel(volume, 'mr-multi-frame')).toBe('none');
    expectKept(imageIds, false);
  });

  for (const onIrregular of ['nearest', 'resample'] as const) {
    for (const last of [3, 4]) {
      it(`once frames have ended, ${last === 3 ? 'one' : 'none'} of them failed: ${onIrregular}`, async () => {
        const imageIds = await openIrregular(last);
        const volume = await createVolume(imageIds, { ...ONE_BY_ONE, onIrregular });
        const { failed } = await volume.load();
        expect(failed.length > 0).toBe(last === 3);
        expect(volume.framesLoaded).toBeGreaterThan(2);
        expectKept(imageIds, false);
      });
    }
  }

  it('once the one that waits for it has left', async () => {
    const imageIds = await openMultiFrame();
    await setFaults([{ match: '/files/', hold: true }]);
    const volume = await createVolume(imageIds, ONE_BY_ONE);
    const given = volume.load();
    await until(() => volume.frameStates.includes('loading'));
    cache.removeVolumeLoadObject(volume.volumeId);
    await expectAsync(given).toBeRejected();
    await releaseAnswers();
    expectKept(imageIds, false);
  });
});

/** Frames of one file from the disk, one of which lies further away, with the pixels of the first ones. */
async function openIrregular(withPixels: number): Promise<string[]> {
  useCount += 1;
  const slices = [0, 1, 2, 4];
  const groups = [
    sq(0x52009229, [
      sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
      sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
    ]),
    sq(
      0x52009230,
      ...slices.map((slice) => [sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${2 * slice}`)])]),
    ),
  ];
  const image = { series: `1.2.826.14.${useCount}`, number: 1, frames: slices.length };
  const pixels = slices.slice(0, withPixels).flatMap((slice) => slicePixels(slice));
  const bytes = await encodePart10(
    [
      ...imageElements({ ...image, more: groups }),
      { tag: 0x7fe00010, vr: 'OW', value: words(...pixels) },
    ],
    'explicit',
  );
  return filesFromDisk([{ bytes, frameCount: slices.length }]);
}

describe('Local files that an application has removed from the fileManager', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  const NATURALIZED: string = MetadataEnums.MetadataModules.NATURALIZED;

  /** The frames of one file. */
  const addFile = (): Promise<string[]> => openIrregular(4);

  /** Loads a volume of a file, and removes both. */
  async function useOnce(imageIds: readonly string[]): Promise<void> {
    const volume = await createVolume(imageIds, { onIrregular: 'nearest' });
    expect((await volume.load()).failed).toEqual([]);
    cache.removeVolumeLoadObject(volume.volumeId);
    wadouri.fileManager.remove(numberOf(imageIds));
  }

  /** Of a file in the fileManager. */
  function numberOf([imageId = '']: readonly string[]): number {
    return Number.parseInt(imageId.slice('dicomfile:'.length), 10);
  }

  it('leave no header in Cornerstone when the next ones are read', async () => {
    const imageIds = await addFile();
    await prefetchMetadata(imageIds);
    const { headerImageId = '' } = findPart10File(imageIds[0] as string) ?? {};
    const modules = ['', '?frame=1', '?frame=4'].map(
      (frame) => () => metaData.get('imagePixelModule', `${headerImageId}${frame}`) as unknown,
    );
    expect(metaData.get(NATURALIZED, headerImageId)).toBeDefined();
    modules.forEach((module) => expect(module()).toBeDefined());
    await useOnce(imageIds);
    await prefetchMetadata(await addFile());
    expect(metaData.get(NATURALIZED, headerImageId)).toBeUndefined();
    modules.forEach((module) => expect(module()).toBeUndefined());
  });

  it('can be collected', async () => {
    const { gc } = globalThis as unknown as { gc?: () => void };
    if (!gc) {
      pending('this browser collects no garbage on demand');
    }
    const imageIds = await addFile();
    const file = new WeakRef(wadouri.fileManager.get(numberOf(imageIds)));
    await useOnce(imageIds);
    await until(() => {
      gc?.();
      return file.deref() === undefined;
    });
  });

  it('leave no header behind where another file has their number', async () => {
    const imageIds = await addFile();
    await prefetchMetadata(imageIds);
    const { headerImageId = '' } = findPart10File(imageIds[0] as string) ?? {};
    wadouri.fileManager.purge();
    let next = await addFile();
    while (numberOf(next) !== numberOf(imageIds)) {
      next = await addFile();
    }
    await prefetchMetadata(next);
    expect(metaData.get(NATURALIZED, headerImageId)).toBeUndefined();
    expect(findPart10File(next[0] as string)?.headerImageId).not.toBe(headerImageId);
  });
});
