import { utilities } from '@cornerstonejs/tools';
import { ctValue } from './support/ctTruth.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';

const { ViewportColorbar } = utilities.voi.colorbar;

/** A colour map from black to white. */
const GREYS = { Name: 'greys', ColorSpace: 'RGB', RGBPoints: [0, 0, 0, 0, 1, 1, 1, 1] };

describe('ViewportColorbar of a volume', () => {
  it('spans the values of the volume and follows its window', async () => {
    const both = await onBothLoaders(async ({ volume }) => {
      const pane = await showVolume(volume);
      const container = document.createElement('div');
      Object.assign(container.style, { width: '100px', height: '20px' });
      document.body.append(container);
      const colorbar = new ViewportColorbar({
        id: 'colorbar',
        element: pane.element,
        container,
        volumeId: volume.volumeId,
        colormaps: [GREYS],
        activeColormapName: 'greys',
      });
      try {
        const start = { image: colorbar.imageRange, voi: colorbar.voiRange };
        pane.viewport.setProperties({ voiRange: { lower: -200, upper: 300 } }, volume.volumeId);
        return { start, end: colorbar.voiRange };
      } finally {
        colorbar.destroy();
        container.remove();
      }
    });
    expectSame(both);
    expect(both.ours).toEqual({
      start: {
        image: { lower: ctValue([0, 0, 0]), upper: ctValue([63, 47, 23]) },
        voi: { lower: -1000, upper: 1000 },
      },
      end: { lower: -200, upper: 300 },
    });
  });
});
