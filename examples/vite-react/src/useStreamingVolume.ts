import { cache } from '@cornerstonejs/core';
import { useEffect, useState } from 'react';
import { createStreamingVolume } from 'streaming-image-volume-loader';
import type { StreamingImageVolume } from 'streaming-image-volume-loader';

/** How many mounted components use each volume. */
const users = new Map<string, number>();

/** The volume, which fills while a component is mounted. `imageIds` is a state or memo, as any dependency. */
export function useStreamingVolume(volumeId: string, imageIds: readonly string[]) {
  const [volume, setVolume] = useState<StreamingImageVolume>();
  const [error, setError] = useState<Error>();

  useEffect(() => {
    let isMounted = true;
    const show = async () => {
      const made = await createStreamingVolume(volumeId, { imageIds });
      if (isMounted) {
        setVolume(made);
        await made.load();
      }
    };
    users.set(volumeId, (users.get(volumeId) ?? 0) + 1);
    show().catch((reason: Error) => {
      // A cancel, by whoever else has the volume, is no error.
      if (isMounted && reason.name !== 'AbortError') {
        setError(reason);
      }
    });

    return () => {
      isMounted = false;
      setVolume(undefined);
      setError(undefined);
      const left = (users.get(volumeId) ?? 1) - 1;
      if (left > 0) {
        users.set(volumeId, left);
        return;
      }
      users.delete(volumeId);
      // Cancels the load, and gives back the memory; also while the volume is being made.
      if (cache.getVolumeLoadObject(volumeId)) {
        cache.removeVolumeLoadObject(volumeId);
      }
    };
  }, [volumeId, imageIds]);

  return { volume, error };
}
