import { eventTarget } from '@cornerstonejs/core';
import { useSyncExternalStore } from 'react';
import { VOLUME_PROGRESS } from 'streaming-image-volume-loader';
import type { StreamingImageVolume } from 'streaming-image-volume-loader';

function subscribe(onChange: () => void) {
  eventTarget.addEventListener(VOLUME_PROGRESS, onChange);
  return () => eventTarget.removeEventListener(VOLUME_PROGRESS, onChange);
}

export function LoadProgress({ volume }: { volume: StreamingImageVolume }) {
  // A number, so that React compares it: `volume.progress` is a new object each time.
  const framesLoaded = useSyncExternalStore(subscribe, () => volume.framesLoaded);
  const { framesTotal, framesFailed, bytesPerSecond } = volume.progress;
  return (
    <label>
      <progress value={framesLoaded} max={framesTotal} />
      {framesFailed > 0 && ` ${framesFailed} failed`}
      {` ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`}
    </label>
  );
}
