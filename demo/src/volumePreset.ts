import { CONSTANTS } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { DrawnVolume } from './drawnVolume.js';

/** Highest value of Cornerstone's preset for MR. */
const MR_PRESET_RANGE = 400;

const highestSeen = new WeakMap<DrawnVolume, number>();

/**
 * The 3D preset of a volume. The values of CT are calibrated; those of other modalities are arbitrary, so the
 * preset for MR is scaled to the loaded values.
 *
 * @returns undefined while no frame is loaded
 */
export function volumePreset(volume: DrawnVolume): Types.ViewportPreset | undefined {
  if (volume.metadata.Modality === 'CT') {
    return findPreset('CT-Chest-Contrast-Enhanced');
  }
  const [lower = 0, highest = 0] = volume.voxelManager?.getRange() ?? [];
  // Of a volume with time points, this is the range of the current one: all are drawn alike.
  const upper = Math.max(highest, highestSeen.get(volume) ?? highest);
  highestSeen.set(volume, upper);
  const preset = findPreset('MR-Default');
  if (!preset || upper <= lower) {
    return undefined;
  }
  const factor = upper / MR_PRESET_RANGE;
  return {
    ...preset,
    colorTransfer: scale(preset.colorTransfer, 4, factor),
    scalarOpacity: scale(preset.scalarOpacity, 2, factor),
    gradientOpacity: scale(preset.gradientOpacity, 2, factor),
  };
}

function findPreset(name: string): Types.ViewportPreset | undefined {
  return CONSTANTS.VIEWPORT_PRESETS.find((preset) => preset.name === name);
}

/** Scales the values of a list like `count value red green blue value ...`. */
function scale(list: string, stride: number, factor: number): string {
  return list
    .split(' ')
    .map((entry, index) =>
      index % stride === 1 % stride && index > 0 ? String(Number(entry) * factor) : entry,
    )
    .join(' ');
}
