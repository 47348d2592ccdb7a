import {
  Enums,
  RenderingEngine,
  init as initCore,
  setVolumesForViewports,
} from '@cornerstonejs/core';
import { init as initDicomImageLoader } from '@cornerstonejs/dicom-image-loader';
import {
  createStreamingVolume,
  fetchSeries,
  listSeries,
  registerStreamingImageVolumeLoader,
} from 'streaming-image-volume-loader';

// The root of a DICOMweb service: the part of its addresses before /studies.
const wadoRsRoot =
  new URLSearchParams(window.location.search).get('root') ?? 'http://127.0.0.1:8080/dicomweb';

async function main() {
  initCore();
  initDicomImageLoader();
  registerStreamingImageVolumeLoader();

  const [series] = await listSeries({ wadoRsRoot });
  if (!series) {
    throw new Error(`There is no series at ${wadoRsRoot}`);
  }
  const imageIds = await fetchSeries({ wadoRsRoot, ...series });
  const volumeId = `cornerstoneStreamingImageVolume:${series.seriesInstanceUID}`;
  const volume = await createStreamingVolume(volumeId, { imageIds });

  const element = document.createElement('div');
  element.style.width = '512px';
  element.style.height = '512px';
  document.body.append(element);
  const renderingEngine = new RenderingEngine('engine');
  renderingEngine.enableElement({
    viewportId: 'axial',
    type: Enums.ViewportType.ORTHOGRAPHIC,
    element,
    defaultOptions: { orientation: Enums.OrientationAxis.AXIAL },
  });
  await setVolumesForViewports(renderingEngine, [{ volumeId }], ['axial']);

  const { framesLoaded, failed } = await volume.load();
  return `${framesLoaded} frames loaded by the ${volume.transport?.thread}, ${failed.length} failed`;
}

const status = document.createElement('p');
status.role = 'status';
status.textContent = 'Loading';
document.body.append(status);
main().then(
  (result) => {
    status.textContent = result;
  },
  (error) => {
    status.textContent = String(error);
  },
);
