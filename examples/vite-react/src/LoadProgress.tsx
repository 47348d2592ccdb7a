import { eventTarget } from '@cornerstonejs/core';
import { useSyncExternalStore } from 'react';
import { VOLUME_PROGRESS } from 'streaming-image-volume-loader';
import type { StreamingImageVolume } from 'streaming-image-volume-loader';

function subscribe(onChange: () => void) {
  eventTarget.addEventListener(VOLUME_PROGRESS, onChange);
  return () => eventTarget.removeEventListener(VOLUME_PROGRESS, onChange);
}

export function LoadProgress({ volume }: { volume: StreamingImageVolume }) {
  // A text, so that React compares it: `volume.progress` is a new object each time.
  useSyncExternalStore(subscribe, () => `${volume.framesLoaded} ${volume.progress.framesFailed}`);
  const { framesLoaded, framesTotal, framesFailed, bytesPerSecond } = volume.progress;
  return (
    <label>
      <progress value={framesLoaded} max={framesTotal} />
      {framesFailed > 0 && ` ${framesFailed} failed`}
      {` ${(bytesPerSecond / 1e6).toFixed(1)} MB/s`}
    </label>
  );
}
