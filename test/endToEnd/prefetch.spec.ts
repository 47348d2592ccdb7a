import { cache, Enums, imageLoader, metaData } from '@cornerstonejs/core';
import { internal, wadouri } from '@cornerstonejs/dicom-image-loader';
import { isStreamingVolumeError, prefetchMetadata } from '../../src/index.js';
import type { PrefetchProgress, StreamingVolumeError } from '../../src/index.js';
import { findPart10File } from '../../src/headers/part10/part10Files.js';
import { createVolume } from '../support/createVolume.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import { dataSets, dicomText, dicomWebRoot, fetchSeries } from '../support/dicomWebSeries.js';
import { encodePart10 } from '../support/encodePart10.js';
import type { TestSyntax } from '../support/encodePart10.js';
import { eventsOf } from '../support/events.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { seededRandom, shuffled } from '../support/seededRandom.js';
import {
  fileRequests,
  releaseAnswers,
  resetServer,
  setFaults,
  untilFileRequests,
} from '../support/serverControls.js';
import { firstWrongVoxel } from '../support/testSeriesTruth.js';
import { collectUnhandledRejections } from '../support/unhandledRejections.js';

const SLICES = 24;
const LARGE_SLICES = 200;
const LARGE_FILE_BYTES = 512 * 512 * 2;

let useCount = 0;

describe('The headers of Part 10 files', () => {
  beforeEach(async () => {
    startCornerstone();
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  /** Addresses of their own, as Cornerstone keeps the headers of an address for good. */
  async function findUrls(format: string, query = ''): Promise<string[]> {
    useCount += 1;
    const { instances } = await fetchSeries(dicomWebRoot(`synthetic/${format}`) as string);
    const files = `${String(karmaFixtures['origin'])}/data/synthetic/${format}/files`;
    return instances.map(
      (instance) => `${files}/${dicomText(instance, '00080018')}.dcm?use=${useCount}${query}`,
    );
  }

  async function errorOf(promise: Promise<unknown>): Promise<StreamingVolumeError> {
    const error: unknown = await promise.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(isStreamingVolumeError(error)).toBeTrue();
    return error as StreamingVolumeError;
  }

  async function expectEveryVoxel(imageIds: readonly string[], format: string): Promise<void> {
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, format)).toBe('none');
  }

  it('D16: of 200 shuffled files cost less than 15 % of their size and give the right order', async () => {
    const urls = await findUrls('ct-large');
    let bytes = 0;
    internal.setOptions({
      onloadend: (event: ProgressEvent) => {
        bytes += event.loaded;
      },
    });
    const given = shuffled(
      urls.map((url) => `wadouri:${url}`),
      seededRandom(7),
    );
    const progress: PrefetchProgress[] = [];
    await prefetchMetadata(given, {
      onProgress: (each) => {
        progress.push(each);
      },
    });
    internal.setOptions({ onloadend: undefined });
    expect(bytes).toBeGreaterThan(LARGE_SLICES * 1000);
    expect(bytes).toBeLessThan(0.15 * LARGE_SLICES * LARGE_FILE_BYTES);
    expect(progress.length).toBe(LARGE_SLICES);
    expect(progress.at(-1)).toEqual({ done: LARGE_SLICES, total: LARGE_SLICES });
    const volume = await createVolume(given);
    expect(volume.spacing[2]).toBeCloseTo(2, 9);
    const heights = volume.imageIds.map(
      (imageId) => metaData.get('imagePlaneModule', imageId).imagePositionPatient[2] as number,
    );
    expect(heights).toEqual(heights.toSorted((a, b) => a - b));
    expect((await fileRequests()).length).toBe(LARGE_SLICES);
  });

  for (const format of ['ct-uint12', 'ct-int16', 'us-uint8', 'pt-slope-per-slice', 'rgb-uint8']) {
    it(`are fetched by themselves, and every voxel of ${format} is right`, async () => {
      const urls = await findUrls(format);
      await expectEveryVoxel(
        urls.map((url) => `wadouri:${url}`),
        format,
      );
      // These files are shorter than what is asked for first, so that nothing is left to ask for.
      expect((await fileRequests()).length).toBe(SLICES);
    });
  }

  it('cost one request where a server sends whole files, which are let go with the last frame', async () => {
    const urls = await findUrls('ct-uint12', '&wholeFile');
    const imageIds = urls.map((url) => `dicomweb:${url}`);
    await prefetchMetadata(imageIds);
    expect(imageIds.every((imageId) => findPart10File(imageId)?.bytes)).toBeTrue();
    await expectEveryVoxel(imageIds, 'ct-uint12');
    expect((await fileRequests()).length).toBe(SLICES);
    const kept = imageIds.map((imageId) => findPart10File(imageId));
    expect(kept.map((file) => file?.bytes ?? file?.dataSet)).toEqual(kept.map(() => undefined));
  });

  it('let files go that are not in the volume, where a server sends whole files', async () => {
    const urls = await findUrls('ct-uint12', '&wholeFile');
    const [again = ''] = await findUrls('ct-uint12', '&wholeFile');
    const imageIds = [...urls, again].map((url) => `wadouri:${url}`);
    const volume = await createVolume(imageIds, { onIrregular: 'nearest' });
    const { leftOut } = volume.geometryReport;
    expect(leftOut).toEqual([`wadouri:${again}`]);
    expect(findPart10File(leftOut[0] as string)?.bytes).toBeUndefined();
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    const kept = imageIds.map((imageId) => findPart10File(imageId));
    expect(kept.every((file) => file && !file.bytes && !file.dataSet)).toBeTrue();
  });

  it('are fetched with so many requests at once as is said', async () => {
    const urls = await findUrls('ct-uint12');
    // More would be held at once, too: the browser has six connections to a server.
    await setFaults([{ match: '/files/', hold: true }]);
    const fetching = prefetchMetadata(
      urls.map((url) => `wadouri:${url}`),
      { concurrency: 2 },
    );
    for (let released = 0; released < SLICES - 2; released++) {
      await untilFileRequests((requests) => requests.length >= released + 2);
      expect((await fileRequests()).length).toBe(released + 2);
      expect(await releaseAnswers({ count: 1 })).toBe(1);
    }
    await untilFileRequests((requests) => requests.length === SLICES);
    await releaseAnswers();
    await fetching;
  });

  it('of a nuclear medicine image say where each frame lies', async () => {
    const [url = ''] = await findUrls('nm-recon-tomo');
    const imageIds = Array.from(
      { length: SLICES },
      (_, index) => `wadouri:${url}&frame=${index + 1}`,
    );
    await expectEveryVoxel(imageIds, 'nm-recon-tomo');
  });

  it('are read of a real CT slice in every transfer syntax', async () => {
    const names = dataSets('ct-single-slice/');
    if (names.length === 0) {
      pending('The real data is not on this machine');
      return;
    }
    useCount += 1;
    const imageIds = await Promise.all(
      names.map(async (name) => {
        const { instances } = await fetchSeries(dicomWebRoot(name) as string);
        const uid = dicomText(instances[0] ?? {}, '00080018');
        return `wadouri:${String(karmaFixtures['origin'])}/data/${name}/files/${uid}.dcm?use=${useCount}`;
      }),
    );
    await prefetchMetadata(imageIds);
    const [plane, ...planes] = imageIds.map((imageId) => metaData.get('imagePlaneModule', imageId));
    expect(plane).toEqual(jasmine.objectContaining({ rows: 512, columns: 512 }));
    expect(planes.length).toBe(14);
    for (const other of planes) {
      expect(other).toEqual(plane);
    }
    // One request a file: the first 64 KB, which hold every header but that of a deflated file.
    const requests = await fileRequests();
    expect(requests.filter(({ headers }) => headers['range'] === 'bytes=0-65535').length).toBe(15);
    expect(requests.length).toBeLessThan(18);
  });

  it('are not taken for the pixels of an Image', async () => {
    const [url = ''] = await findUrls('ct-large');
    const imageId = `wadouri:${url}`;
    await prefetchMetadata([imageId]);
    const image = await imageLoader.loadImage(imageId);
    expect(image.getPixelData().length).toBe(512 * 512);
    const [small = ''] = await findUrls('ct-uint12');
    await prefetchMetadata([`wadouri:${small}`]);
    expect((await imageLoader.loadImage(`wadouri:${small}`)).getPixelData().length).toBe(64 * 48);
    expect((await fileRequests()).length).toBe(3);
  });

  it('D25: of many frames in a file cost one request, and so do their pixels', async () => {
    for (const separator of ['?', '&']) {
      const [url = ''] = await findUrls('mr-multi-frame');
      // Written so as no other spec writes it, which may have left its header.
      const plain = url.replace(/\?.*/, '').replace('.dcm', '%2Edcm');
      const base = separator === '?' ? plain : url;
      const imageIds = Array.from(
        { length: SLICES },
        (_, index) => `wadouri:${base}${separator}frame=${index + 1}`,
      );
      await resetServer();
      await prefetchMetadata(imageIds);
      expect((await fileRequests()).map(({ headers }) => headers['range'])).toEqual([
        'bytes=0-65535',
      ]);
      const volume = await createVolume(imageIds, { maxInFlight: 1 });
      expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
      expect(firstWrongVoxel(volume, 'mr-multi-frame')).toBe('none');
      expect((await fileRequests()).length).toBe(2);
      expect(findPart10File(imageIds[0] as string)?.dataSet).toBeUndefined();
    }
  });

  it('are read from local files', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = await Promise.all(
      urls.map(async (url) =>
        wadouri.fileManager.add(new File([await (await fetch(url)).blob()], 'slice.dcm')),
      ),
    );
    await expectEveryVoxel(imageIds, 'ct-uint12');
    // The number may be given to another file then.
    const [first = ''] = imageIds;
    wadouri.fileManager.remove(Number(first.slice('dicomfile:'.length)));
    expect(metaData.get('imagePixelModule', first)).toBeUndefined();
    const notes = wadouri.fileManager.add(new File(['no header'], 'notes.txt'));
    const error = await errorOf(prefetchMetadata([notes, first]));
    expect(error.errors.map(({ code }) => code)).toEqual(
      jasmine.arrayWithExactContents(['header-not-dicom', 'header-fetch']),
    );
  });

  for (const syntax of ['implicit', 'big-endian', 'deflated'] as const) {
    it(`are read from ${syntax} files, and their pixels too`, async () => {
      const files = await Promise.all([0, 1, 2].map((slice) => encodeSlice(slice, syntax)));
      const imageIds = files.map((file) =>
        wadouri.fileManager.add(new File([file as Uint8Array<ArrayBuffer>], 'slice.dcm')),
      );
      const volume = await createVolume(imageIds);
      expect(await volume.load()).toEqual({ framesLoaded: 3, failed: [] });
      expect([...volume.getScalarData()]).toEqual([1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24]);
    });
  }

  it('D18: that cannot be fetched are all in one error, each with its own cause', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const [missing, page, cut, noise] = [3, 7, 11, 19].map((slice) => imageIds[slice] as string);
    const faultOf = (imageId = ''): string =>
      `/${imageId.split('/').at(-1)?.split('.dcm')[0]}\\.dcm`;
    await setFaults([
      { match: faultOf(missing), status: 404 },
      { match: faultOf(page), body: 'html' },
      { match: faultOf(cut), body: 'truncate' },
      { match: faultOf(noise), body: 'garbage' },
    ]);
    const error = await errorOf(prefetchMetadata(imageIds));
    expect(error.code).toBe('metadata-fetch');
    expect(error.imageIds).toEqual([missing, page, cut, noise] as string[]);
    const byImageId = error.errors.map(({ code, imageIds: [imageId], status }) => [
      imageId,
      code,
      status,
    ]);
    expect(byImageId).toEqual(
      jasmine.arrayWithExactContents([
        [missing, 'header-fetch', 404],
        [page, 'header-html', undefined],
        [cut, 'header-truncated', undefined],
        [noise, 'header-not-dicom', undefined],
      ]),
    );
    expect(error.message).toContain('4 of 24');
    const known = imageIds.filter((imageId) => metaData.get('imagePlaneModule', imageId));
    expect(known.length).toBe(SLICES - 4);
    // Only what is missing is asked for again.
    await resetServer();
    await expectEveryVoxel(imageIds, 'ct-uint12');
    expect((await fileRequests()).length).toBe(4);
  });

  it('D18: a volume whose headers cannot be fetched says which and why', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const failures = eventsOf(Enums.Events.VOLUME_LOADED_FAILED);
    const unhandled = collectUnhandledRejections();
    await setFaults([{ match: '/files/', status: 404, times: 1 }]);
    const volumeId = newVolumeId();
    const error = await errorOf(createVolume(imageIds, { volumeId }));
    expect([error.code, error.volumeId]).toEqual(['metadata-fetch', volumeId]);
    expect(error.errors.map(({ status }) => status)).toEqual([404]);
    expect(error.imageIds.length).toBe(1);
    expect(failures.details).toEqual([{ volumeId, error }]);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    expect(await unhandled()).toEqual([]);
    const volume = await createVolume(imageIds, { volumeId });
    expect(volume.imageIds.length).toBe(SLICES);
  });

  it('are not fetched when that is forbidden', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const error = await errorOf(createVolume(imageIds, { prefetchMetadata: false }));
    expect([error.code, error.imageIds]).toEqual(['metadata-missing', imageIds]);
    expect(await fileRequests()).toEqual([]);
    await expectAsync(
      createVolume(imageIds, { prefetchMetadata: 'no' as never }),
    ).toBeRejectedWithError(TypeError, /prefetchMetadata/);
  });

  it('D9: of a volume that is removed or given up meanwhile are asked for no longer', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const before = cache.getCacheSize();
    const unhandled = collectUnhandledRejections();
    // The browser has six connections to a server: some must be left to ask it.
    const held = 3;
    await setFaults([{ match: '/files/', hold: true, times: held }]);
    const volumeId = newVolumeId();
    const removed = createVolume(imageIds, { volumeId });
    await untilFileRequests((requests) => requests.length >= SLICES);
    cache.removeVolumeLoadObject(volumeId);
    expect((await errorOf(removed)).code).toBe('volume-removed');
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();

    await setFaults([{ match: '/files/', hold: true, times: held }]);
    const controller = new AbortController();
    const reason = new Error('too late');
    const given = createVolume(imageIds, { volumeId, signal: controller.signal });
    await untilFileRequests((requests) => requests.length >= SLICES + held);
    controller.abort(reason);
    await expectAsync(given).toBeRejectedWith(reason);
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    await untilFileRequests(
      (requests) => requests.filter(({ aborted }) => aborted).length === 2 * held,
    );
    expect(cache.getCacheSize()).toBe(before);
    expect(await unhandled()).toEqual([]);
  });

  it('are fetched for the volume that is made anew while those of a removed one are on their way', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const before = cache.getCacheSize();
    const unhandled = collectUnhandledRejections();
    const held = 3;
    await setFaults([{ match: '/files/', hold: true, times: held }]);
    const volumeId = newVolumeId();
    const first = createVolume(imageIds, { volumeId });
    await untilFileRequests((requests) => requests.length >= SLICES);
    cache.removeVolumeLoadObject(volumeId);
    const second = createVolume(imageIds, { volumeId });
    expect((await errorOf(first)).code).toBe('volume-removed');
    const volume = await second;
    expect(cache.getVolume(volumeId) as unknown).toBe(volume);
    expect(cache.getCacheSize()).toBe(before + volume.sizeInBytes);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(firstWrongVoxel(volume, 'ct-uint12')).toBe('none');
    await untilFileRequests(
      (requests) => requests.filter(({ aborted }) => aborted).length === held,
    );
    cache.removeVolumeLoadObject(volumeId);
    expect(cache.getCacheSize()).toBe(before);
    expect(await unhandled()).toEqual([]);
  });

  it('are fetched with the hooks of the application, once for all callers', async () => {
    const urls = await findUrls('ct-uint12');
    const imageIds = urls.map((url) => `wadouri:${url}`);
    const asked: string[] = [];
    const { beforeSend } = internal.getOptions();
    internal.setOptions({
      beforeSend: async (_xhr: unknown, imageId: string) => {
        asked.push(imageId);
      },
    });
    const controller = new AbortController();
    const impatient = prefetchMetadata(imageIds, { signal: controller.signal });
    const patient = prefetchMetadata(imageIds);
    controller.abort(new Error('enough'));
    await expectAsync(impatient).toBeRejectedWithError('enough');
    await patient;
    internal.setOptions({ beforeSend });
    expect(asked.toSorted()).toEqual(imageIds.toSorted());
  });

  it('of other schemes are said to be missing, and a wrong option is refused', async () => {
    const error = await errorOf(prefetchMetadata(['wadors:https://nowhere/frames/1']));
    expect(error.errors.map(({ code }) => code)).toEqual(['metadata-missing']);
    await expectAsync(prefetchMetadata([], { concurrency: 0 })).toBeRejectedWithError(
      TypeError,
      /concurrency.*0/,
    );
  });

  describe('with the legacy metadata of dicom-image-loader', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    it('are fetched by themselves too', async () => {
      const urls = await findUrls('ct-uint12');
      await expectEveryVoxel(
        urls.map((url) => `wadouri:${url}`),
        'ct-uint12',
      );
    });
  });
});

/** A slice of 2 x 2 pixels whose values begin at ten times its number. */
function encodeSlice(slice: number, syntax: TestSyntax): Promise<Uint8Array> {
  const pixels = [1, 2, 3, 4].map((value) => value + slice * 10);
  return encodePart10(
    [
      { tag: 0x00080060, vr: 'CS', value: 'CT' },
      { tag: 0x0020000e, vr: 'UI', value: '1.2.3' },
      { tag: 0x00200032, vr: 'DS', value: `0\\0\\${slice}` },
      { tag: 0x00200037, vr: 'DS', value: '1\\0\\0\\0\\1\\0' },
      { tag: 0x00200052, vr: 'UI', value: '1.2.4' },
      { tag: 0x00280002, vr: 'US', value: [1] },
      { tag: 0x00280004, vr: 'CS', value: 'MONOCHROME2' },
      { tag: 0x00280010, vr: 'US', value: [2] },
      { tag: 0x00280011, vr: 'US', value: [2] },
      { tag: 0x00280030, vr: 'DS', value: '1\\1' },
      { tag: 0x00280100, vr: 'US', value: [16] },
      { tag: 0x00280101, vr: 'US', value: [12] },
      { tag: 0x00280102, vr: 'US', value: [11] },
      { tag: 0x00280103, vr: 'US', value: [0] },
      { tag: 0x7fe00010, vr: 'OW', value: pixels },
    ],
    syntax,
  );
}
