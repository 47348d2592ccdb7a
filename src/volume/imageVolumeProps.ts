import type { ImageVolume, Types } from '@cornerstonejs/core';
import type { FrameMetadata } from '../base/types.js';
import { createVoxelManager } from './createVoxelManager.js';
import { describeMetadata } from './describeMetadata.js';
import { describeScaling } from './describeScaling.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';

/** What the constructor of core's `ImageVolume` takes for a volume. */
export function imageVolumeProps({
  volumeId,
  frames,
  geometry,
  numberOfComponents,
  store,
}: StreamingVolumeProps): ConstructorParameters<typeof ImageVolume>[0] {
  const first = frames[0] as FrameMetadata;
  return {
    volumeId,
    imageIds: frames.map((frame) => frame.imageId),
    metadata: describeMetadata(first),
    dimensions: [...geometry.dimensions],
    spacing: [...geometry.spacing],
    origin: [...geometry.origin],
    direction: [...geometry.direction] as Types.Mat3,
    dataType: store.dataType,
    numberOfComponents,
    voxelManager: createVoxelManager({
      volumeId,
      store,
      frames,
      dimensions: geometry.dimensions,
      numberOfComponents,
    }),
    scaling: describeScaling(first),
  };
}
