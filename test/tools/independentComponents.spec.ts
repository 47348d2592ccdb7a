import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import { Enums } from '@cornerstonejs/tools';
import { addVolumesAsIndependentComponents } from '@cornerstonejs/tools/tools/displayTools/Labelmap/addVolumesAsIndependentComponents';
import { addLabelmap } from './support/addLabelmap.js';
import { BALL_SIZE, ballSeries, ballValue } from './support/ballSeries.js';
import { expectSame } from './support/expectSame.js';
import { onBothLoaders } from './support/onBothLoaders.js';
import { showVolume } from './support/showVolume.js';

interface ComponentsMapper {
  getInputData(): {
    getPointData(): { getArray(index: number): { getData(): Float32Array } };
  };
}

describe('A labelmap and its volume as the components of one', () => {
  it('have the voxels of both', async () => {
    const series = ballSeries();
    const [columns, rows] = BALL_SIZE;
    const marked = { column: 3, row: 5, slice: 7 };
    try {
      const both = await onBothLoaders(async ({ volume }) => {
        const pane = await showVolume(volume);
        const { segmentationId, volume: labelmap } = await addLabelmap(volume);
        labelmap.voxelManager?.setAtIJK(marked.column, marked.row, marked.slice, 1);
        const texture = volume.vtkOpenGLTexture as unknown as { hasUpdatedFrames(): boolean };
        // The tools leave the volume alone until the whole of it is in its texture.
        while (texture.hasUpdatedFrames()) {
          await pane.render();
        }
        const before = pane.viewport.getDefaultActor()?.actor.getMapper();
        const added = await addVolumesAsIndependentComponents({
          viewport: pane.viewport,
          volumeInputs: [{ volumeId: labelmap.volumeId }],
          segmentationId,
        });
        const mapper = added?.actor.getMapper() as unknown as ComponentsMapper;
        const voxels = Array.from(mapper.getInputData().getPointData().getArray(0).getData());
        // The tool listens until the labelmap is not shown any more.
        triggerEvent(eventTarget, Enums.Events.SEGMENTATION_REPRESENTATION_REMOVED, {
          viewportId: pane.viewport.id,
          segmentationId,
        });
        await pane.render();
        expect(added?.actor.getMapper() === before).toBeTrue();
        return voxels;
      }, series);
      expectSame(both);
      const expected = Array.from({ length: columns * rows * BALL_SIZE[2] }, (_, i) => {
        const column = i % columns;
        const row = Math.floor(i / columns) % rows;
        const slice = Math.floor(i / (columns * rows));
        const isMarked = column === marked.column && row === marked.row && slice === marked.slice;
        return [ballValue(column, row, slice), isMarked ? 1 : 0];
      });
      expect(both.ours).toEqual(expected.flat());
    } finally {
      series.dispose();
    }
  });
});
