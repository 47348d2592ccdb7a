import { utilities } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { COLOR_MAPS } from './overlayStyle.js';
import type { Wash } from './stackWash.js';

/** Part of the range over which the opacity rises at the threshold. */
const RISE = 0.001;

/** Distance of samples. Shorter ones would be more samples on a ray than the mapper allows. */
const SAMPLE_IN_SLABS = 4;

/** Registers the colours of overlays in Cornerstone; once, before the first overlay. */
export function registerColorMaps(): void {
  for (const [name, points] of Object.entries(COLOR_MAPS)) {
    utilities.colormap.registerColormap({
      ColorSpace: 'RGB',
      Name: name,
      RGBPoints: points.flat(),
    });
  }
}

/** Adds a volume to viewports that show another one, with the colours of the overlay. */
export async function addOverlay(
  viewports: readonly Types.IVolumeViewport[],
  wash: Wash,
): Promise<void> {
  const { volumeId } = wash.volume;
  for (const viewport of viewports) {
    // A plane is a thin slab: the opacity is meant for the way through the whole of it, on both sides of the plane.
    // It is a power of it for a sample, which must not come too near to 1.
    const callback = ({ volumeActor }: { volumeActor: Types.VolumeActor }): void => {
      const thickness = 2 * viewport.getSlabThickness();
      volumeActor.getProperty().setScalarOpacityUnitDistance(0, thickness);
      volumeActor.getMapper()?.setSampleDistance(SAMPLE_IN_SLABS * thickness);
    };
    // Its window is no window of the planes, so that nothing is told of it.
    await viewport.addVolumes([{ volumeId, visibility: true, callback }], false, true);
  }
  styleOverlay(viewports, wash);
}

/** Sets the colours and the opacity of an overlay. */
export function styleOverlay(viewports: readonly Types.IVolumeViewport[], wash: Wash): void {
  const { volume, style, opacity } = wash;
  const { lower, upper } = style.range;
  const below = style.threshold - (upper - lower) * RISE;
  const opacityMapping = [
    { value: Math.min(lower, below - 1), opacity: 0 },
    { value: below, opacity: 0 },
    { value: style.threshold, opacity: 1 },
    { value: Math.max(upper, style.threshold + 1), opacity: 1 },
  ];
  for (const viewport of viewports) {
    if (viewport.hasVolumeId(volume.volumeId)) {
      const colormap = { name: style.colormap, opacity, opacityMapping };
      viewport.setProperties({ colormap, voiRange: style.range }, volume.volumeId, true);
      viewport.render();
    }
  }
}

/** Takes an overlay out of the viewports; its volume stays in the cache. */
export function removeOverlay(viewports: readonly Types.IVolumeViewport[], { volume }: Wash): void {
  for (const viewport of viewports) {
    const actors = viewport
      .getActors()
      .filter(({ referencedId }) => referencedId === volume.volumeId);
    viewport.removeVolumeActors(
      actors.map(({ uid }) => uid),
      true,
    );
  }
}
