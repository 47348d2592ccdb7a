import { Enums, RenderingEngine, init } from '@cornerstonejs/core';
import { init as initDicomImageLoader } from '@cornerstonejs/dicom-image-loader';
import { StrictMode, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import {
  fetchSeries,
  listSeries,
  registerStreamingImageVolumeLoader,
} from 'streaming-image-volume-loader';
import { LoadProgress } from './LoadProgress.tsx';
import { useStreamingVolume } from './useStreamingVolume.ts';
import { Viewport } from './Viewport.tsx';

const wadoRsRoot =
  new URLSearchParams(window.location.search).get('root') ?? 'http://127.0.0.1:8080/dicomweb';
const { AXIAL, CORONAL } = Enums.OrientationAxis;

init();
initDicomImageLoader();
registerStreamingImageVolumeLoader();
const renderingEngine = new RenderingEngine('engine');

async function fetchFirstSeries() {
  const [series] = await listSeries({ wadoRsRoot });
  if (!series) {
    throw new Error(`There is no series at ${wadoRsRoot}`);
  }
  return fetchSeries({ wadoRsRoot, ...series });
}

function Series({ volumeId, imageIds }: { volumeId: string; imageIds: string[] }) {
  const { volume, error } = useStreamingVolume(volumeId, imageIds);
  const [drawError, setDrawError] = useState<Error>();
  const shownError = error ?? drawError;
  if (shownError) {
    return <p role="alert">{shownError.message}</p>;
  }
  const viewport = { renderingEngine, volumeId, onError: setDrawError };
  return volume ? (
    <>
      <Viewport {...viewport} orientation={AXIAL} />
      <Viewport {...viewport} orientation={CORONAL} />
      <LoadProgress volume={volume} />
    </>
  ) : null;
}

function App() {
  const [imageIds, setImageIds] = useState<string[]>();
  const [error, setError] = useState<Error>();
  const [isShown, setIsShown] = useState(true);
  useEffect(() => {
    // Small, and the same when StrictMode asks twice.
    fetchFirstSeries().then(setImageIds, setError);
  }, []);
  return (
    <>
      <button onClick={() => setIsShown(!isShown)}>{isShown ? 'Close' : 'Open'}</button>
      {error && <p role="alert">{error.message}</p>}
      {isShown && imageIds && (
        <Series volumeId="cornerstoneStreamingImageVolume:series" imageIds={imageIds} />
      )}
    </>
  );
}

const root = document.querySelector('#root');
if (!root) {
  throw new Error('The page has no element #root');
}
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
