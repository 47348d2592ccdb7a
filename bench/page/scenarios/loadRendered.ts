import { checkVoxels } from '../checkVoxels.js';
import { PlanesView } from '../PlanesView.js';
import { timed } from '../timed.js';
import { createVolume, loadVolume } from '../volumes.js';
import type { MeasuredVolume } from '../volumes.js';
import type { Scenario } from './Scenario.js';

/** From load() until the last frame is in the volume and on the screen, in three planes. */
export const loadRendered = loadAndDraw({ with3D: false });

/** The same, with a fourth viewport that shows the volume in 3D. */
export const loadRendered3d = loadAndDraw({ with3D: true });

function loadAndDraw(options: { readonly with3D: boolean }): Scenario {
  return {
    begin: (series) => {
      let volume: MeasuredVolume;
      let view: PlanesView;
      return {
        prepare: async () => {
          volume = await createVolume(series);
          view = new PlanesView(volume, series, options);
        },
        measure: () =>
          timed(async () => {
            const loaded = loadVolume(volume);
            await view.show();
            await loaded;
            await view.drawn();
          }),
        verify: () => checkVoxels(volume, series),
        end: () => view.close(),
      };
    },
  };
}
