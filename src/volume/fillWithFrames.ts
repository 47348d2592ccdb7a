import type { StreamingVolumeProps } from './StreamingVolumeProps.js';
import { VolumeController } from './VolumeController.js';
import type { VolumeHull } from './VolumeFilling.js';
import { followWidening } from './widenVoxels.js';

/** Fills a volume that has one frame for each slice. */
export function fillWithFrames(
  props: StreamingVolumeProps,
  { volume, texture, isCached }: VolumeHull,
): VolumeController {
  const controller = new VolumeController(props, {
    frameOfReferenceUID: volume.metadata.FrameOfReferenceUID,
    isCached,
    onFrameWritten: (sliceIndex, isOnScreen) => {
      texture.setUpdatedFrame(sliceIndex, isOnScreen);
    },
    onStandInsChanged: () => texture.updateStandIns(),
    onDisposed: () => {
      // Not deleted: a viewport may still show the volume. It draws nothing of it from now on.
      texture.releaseGraphicsResources();
    },
  });
  const { store, reservation } = props;
  followWidening({
    volume,
    store,
    reservation,
    texture,
    onWidened: () => {
      controller.notifier.requestRender();
    },
  });
  return controller;
}
