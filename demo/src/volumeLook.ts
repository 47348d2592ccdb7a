import { CONSTANTS } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import type { DrawnVolume } from './drawnVolume.js';

/** Parts of the highest value from which, and at which fully, a maximum is seen. */
const DARKEST = 0.04;
const BRIGHTEST = 0.7;

/** How the 3D view draws a volume. */
export interface VolumeLook {
  readonly preset: Types.ViewportPreset;
  /** Whether of each ray the highest value is shown; otherwise all of them, by their opacities. */
  readonly isMaximum: boolean;
}

/**
 * How the 3D view draws a volume. The values of CT are calibrated, so that tissues have colours and opacities. Those of
 * other modalities are arbitrary: of each ray the highest value is shown, relative to the window or else to the highest
 * of all.
 *
 * @returns undefined while no frame is loaded
 */
export function volumeLook(volume: DrawnVolume): VolumeLook | undefined {
  if (volume.metadata.Modality === 'CT') {
    const preset = findPreset('CT-Chest-Contrast-Enhanced');
    return preset && { preset, isMaximum: false };
  }
  const [lower = 0, highest = 0] = volume.voxelManager?.getRange() ?? [];
  // The header's window is one for all time points; the range is that of the current one.
  const upper = upperEndOfWindow(volume) ?? highest;
  const preset = findPreset('MR-MIP');
  if (!preset || upper <= lower) {
    return undefined;
  }
  const [dark, bright] = [DARKEST * upper, BRIGHTEST * upper];
  return {
    preset: {
      ...preset,
      colorTransfer: `12 0 0 0 0 ${bright} 1 1 1 ${upper} 1 1 1`,
      scalarOpacity: `8 0 0 ${dark} 0 ${bright} 1 ${upper} 1`,
      gradientOpacity: `4 0 1 ${upper} 1`,
    },
    isMaximum: true,
  };
}

/** Of the first window (VOI LUT Module, PS3.3 C.11.2) in the header, if it has one. */
function upperEndOfWindow({ metadata }: DrawnVolume): number | undefined {
  const [window] = metadata.voiLut;
  const upper = window ? window.windowCenter + window.windowWidth / 2 : 0;
  return upper > 0 ? upper : undefined;
}

function findPreset(name: string): Types.ViewportPreset | undefined {
  return CONSTANTS.VIEWPORT_PRESETS.find((preset) => preset.name === name);
}
