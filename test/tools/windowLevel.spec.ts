import { utilities } from '@cornerstonejs/core';
import { WindowLevelTool } from '@cornerstonejs/tools';
import { activateTool } from './support/activateTool.js';
import { drag } from './support/drag.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { onPetInSuv } from './support/onPetInSuv.js';
import { showVolume } from './support/showVolume.js';

const { toWindowLevel } = utilities.windowLevel;

describe('WindowLevelTool on a volume', () => {
  it('drags the window of a CT as far as the range of the middle slice says', async () => {
    const { ours, builtIn } = await onBothLoaders(async ({ volume }) => {
      const pane = await showVolume(volume);
      activateTool(WindowLevelTool, [pane]);
      drag(pane, [40, 40], [60, 50]);
      return pane.viewport.getProperties()?.voiRange;
    });
    expectSame({ ours, builtIn });
    // Tools move the window by the range of the middle slice for 1024 pixels.
    const speed = (63 * 3 + 47 * 7) / 1024;
    const start = toWindowLevel(-1000, 1000);
    const { lower, upper } = ours as { lower: number; upper: number };
    const end = toWindowLevel(lower, upper);
    expect(end.windowWidth).toBeCloseTo(start.windowWidth + 20 * speed, 6);
    expect(end.windowCenter).toBeCloseTo(start.windowCenter + 10 * speed, 6);
  });

  it('drags the upper end alone for a PET in SUV', async () => {
    const both = await onPetInSuv(async ({ volume }) => {
      const pane = await showVolume(volume);
      activateTool(WindowLevelTool, [pane]);
      pane.viewport.setProperties({ voiRange: { lower: 0, upper: 5 } });
      drag(pane, [40, 40], [60, 50]);
      return pane.viewport.getProperties()?.voiRange;
    });
    expectSame(both);
    // 100 pixels high, 5 SUV for the whole height, and a drag downwards is brighter.
    expect(both.ours).toEqual({ lower: 0, upper: 5 - 10 * (5 / 100) });
  });
});
