import { init, volumeLoader } from '@cornerstonejs/core';
import { init as initImageLoader, wadors } from '@cornerstonejs/dicom-image-loader';
import { registerStreamingImageVolumeLoader } from 'streaming-image-volume-loader';

/** Streams the only series of the server at this origin, and leaves what came of it. */
async function stream() {
  init();
  initImageLoader({ maxWebWorkers: 1 });
  registerStreamingImageVolumeLoader();

  const imageIds = await addSeries(`${window.location.origin}/dicomweb`);
  const volume = await volumeLoader.createAndCacheVolume('cornerstoneStreamingImageVolume:packed', {
    imageIds,
  });
  await volume.load();
  const scalarData = volume.getScalarData();
  return {
    framesLoaded: volume.framesLoaded,
    framesTotal: imageIds.length,
    dimensions: [...volume.dimensions],
    isShared: !(scalarData.buffer instanceof ArrayBuffer),
    voxels: [...scalarData],
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
