import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { JsonDataSet } from './headerItem.js';

type Metadata = Parameters<typeof wadors.metaDataManager.add>[1];

/** Under this the attributes of an instance go along with it, as dicom-image-loader copies symbols too. */
const OWN = Symbol.for('streaming-image-volume-loader/own-attributes');

/** Shared and Per-Frame Functional Groups Sequence (PS3.3 C.7.6.16.1). */
const GROUPS = ['52009229', '52009230'] as const;

interface WithOwn {
  [OWN]?: JsonDataSet;
}

/**
 * Keeps what an instance with functional groups says of itself.
 *
 * To combine a frame, dicom-image-loader (5.14: `imageLoader/wadors/combineFrameInstance.js`) overwrites the
 * attributes of the instance with those of all functional groups, also of such as are about other objects: the
 * Series Instance UID of the image that a frame was converted from takes the place of the instance's own.
 * Remove when it copies the instance first, and only what describes the frame.
 */
export function keepOwnAttributes(instance: JsonDataSet): void {
  const kept = instance as WithOwn;
  if (!kept[OWN] && GROUPS.some((tag) => instance[tag])) {
    kept[OWN] = { ...instance };
  }
}

/**
 * What an instance said of itself when it was registered.
 *
 * @param combined - what dicom-image-loader made of it for a frame
 * @returns undefined for an instance that was registered before anybody kept it
 */
export function ownAttributes(combined: JsonDataSet): JsonDataSet | undefined {
  return (combined as WithOwn)[OWN];
}

/** Keeps the attributes of all instances that are registered until the returned function is called. */
export function watchInstances(): () => void {
  const manager = wadors.metaDataManager;
  const { add } = manager;
  const watched = (imageId: string, metadata: Metadata): void => {
    keepOwnAttributes(metadata as unknown as JsonDataSet);
    add(imageId, metadata);
  };
  manager.add = watched;
  return () => {
    if (manager.add === watched) {
      manager.add = add;
    }
  };
}
