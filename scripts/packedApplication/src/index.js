import { init } from '@cornerstonejs/core';
import { init as initImageLoader, wadors } from '@cornerstonejs/dicom-image-loader';
import {
  createStreamingVolume,
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

/** Streams the only series of the server at this origin, and stores the result on `window`. */
async function stream() {
  const { searchParams } = new URL(window.location.href);
  init();
  initImageLoader({ maxWebWorkers: 1, ...HOOKS[searchParams.get('hooks')] });
  registerStreamingImageVolumeLoader();

  const imageIds = await addSeries(`${window.location.origin}/dicomweb`);
  const volume = await createStreamingVolume('cornerstoneStreamingImageVolume:packed', {
    imageIds,
  });
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

async function addSeries(root) {
  const [series] = await (await fetch(`${root}/series`)).json();
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
