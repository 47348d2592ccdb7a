import { init } from '@cornerstonejs/core';
import { init as initImageLoader, wadors } from '@cornerstonejs/dicom-image-loader';
import {
  createStreamingVolume,
  DYNAMIC_VOLUME_SCHEME,
  registerStreamingImageVolumeLoader,
} from 'streaming-image-volume-loader';

/** The hooks of the application in dicom-image-loader, by the query `?hooks=`. */
const HOOKS = {
  none: {},
  // The same as in OHIF.
  ohif: {
    beforeSend: async () => ({
      Authorization: 'Bearer x',
      Accept: 'multipart/related; type="application/octet-stream"',
    }),
    errorInterceptor: () => {},
  },
};

/** Options of the kinds of volumes, by the query `?kinds=`, which has their series too. */
const OPTIONS = { decimated: { ijkDecimation: [2, 2, 2] } };

/** Streams a series of the server at this origin, or one of each kind, and stores the result on `window`. */
async function stream() {
  const { searchParams } = new URL(window.location.href);
  init();
  initImageLoader({ maxWebWorkers: 1, ...HOOKS[searchParams.get('hooks')] });
  registerStreamingImageVolumeLoader();

  const root = `${window.location.origin}/dicomweb`;
  const kinds = searchParams.get('kinds');
  if (kinds) {
    return streamKinds(root, JSON.parse(kinds));
  }
  const imageIds = await addSeries(root, searchParams.get('series'));
  const volume = await createAgain('cornerstoneStreamingImageVolume:packed', { imageIds });
  const { framesLoaded, failed } = await volume.load();
  const scalarData = volume.getScalarData();
  return {
    framesLoaded,
    failed: failed.map(({ error }) => String(error)),
    dimensions: [...volume.dimensions],
    isShared: !(scalarData.buffer instanceof ArrayBuffer),
    voxels: [...scalarData],
    transport: volume.transport,
  };
}

/** Creates a volume, once more where its script could not be fetched. */
async function createAgain(volumeId, options) {
  try {
    return await createStreamingVolume(volumeId, options);
  } catch (error) {
    if (error.code !== 'script-fetch') {
      throw error;
    }
    window.__scriptError = error.message;
    return createStreamingVolume(volumeId, options);
  }
}

async function streamKinds(root, uids) {
  const results = {};
  for (const [kind, uid] of Object.entries(uids)) {
    const scheme =
      kind === 'timePoints' ? DYNAMIC_VOLUME_SCHEME : 'cornerstoneStreamingImageVolume';
    const volume = await createStreamingVolume(`${scheme}:${kind}`, {
      imageIds: await addSeries(root, uid),
      ...OPTIONS[kind],
    });
    const { failed } = await volume.load();
    const voxels = [];
    for (let time = 1; time <= (volume.numDimensionGroups ?? 1); time++) {
      if (kind === 'timePoints') {
        volume.dimensionGroupNumber = time;
      }
      voxels.push(...volume.getScalarData());
    }
    results[kind] = {
      failed: failed.map(({ error }) => String(error)),
      voxels,
      thread: volume.transport?.thread,
    };
  }
  return results;
}

async function addSeries(root, uid) {
  const all = await (await fetch(`${root}/series`)).json();
  const series = all.find((each) => getUid(each, '0020000E') === uid);
  const path = `studies/${getUid(series, '0020000D')}/series/${getUid(series, '0020000E')}`;
  const instances = await (await fetch(`${root}/${path}/metadata`)).json();
  return instances.map((instance) => {
    const imageId = `wadors:${root}/${path}/instances/${getUid(instance, '00080018')}/frames/1`;
    wadors.metaDataManager.add(imageId, instance);
    return imageId;
  });
}

function getUid(dataSet, tag) {
  return dataSet[tag].Value[0];
}

stream().then(
  (result) => {
    window.__result = result;
  },
  (error) => {
    window.__result = { error: String(error?.stack ?? error) };
  },
);
