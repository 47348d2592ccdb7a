import { VOLUME_DECIMATED, VOLUME_TEXTURE_REDUCED } from '../../src/index.js';
import { max3DTextureSize } from '../../src/volume/createVolumeTexture.js';
import { createVolume } from '../support/createVolume.js';
import { eventsOf } from '../support/events.js';
import { SyntheticSeries } from '../support/SyntheticSeries.js';
import { startDrawing, stopDrawing } from './support/drawing.js';
import { showPlane } from './support/Pane.js';

const ROWS = 1000;
const SLICES = 3;

describe('A volume with a side that is longer than a 3D texture may be', () => {
  let series: SyntheticSeries;

  beforeEach(() => {
    startDrawing();
  });

  afterEach(() => {
    stopDrawing();
    series.dispose();
  });

  it('D27: is made with fewer voxels where the option onTooLarge asks for it', async () => {
    const columns = max3DTextureSize() + 2;
    series = new SyntheticSeries({
      count: SLICES,
      columns,
      rows: ROWS,
      bitsAllocated: 8,
      modality: 'MR',
      pixels: () =>
        Uint8Array.from({ length: columns * ROWS }, (_, i) =>
          i % columns < columns / 2 ? 60 : 180,
        ),
    });
    const reduced = eventsOf(VOLUME_TEXTURE_REDUCED);
    const decimated = eventsOf(VOLUME_DECIMATED);
    const volume = await createVolume(series.imageIds, { onTooLarge: 'decimate' });
    expect(reduced.details).toEqual([]);
    expect(decimated.details).toEqual([
      jasmine.objectContaining({
        dimensions: [columns / 2, ROWS, SLICES],
        ijkDecimation: [2, 1, 1],
      }),
    ]);
    await volume.load();
    const pane = await showPlane(volume, 'axial', { lower: 0, upper: 255 });
    const picture = await pane.renderAll(volume);
    const middle = Math.round(picture.height / 2);
    const greyAt = (part: number) => picture.grey(Math.round(picture.width * part), middle);
    expect([greyAt(0.3), greyAt(0.7)]).toEqual([60, 180]);
  });

  it('D27: is drawn with fewer voxels, which an event tells, and keeps all of its own', async () => {
    const columns = max3DTextureSize() + 2;
    series = new SyntheticSeries({
      count: SLICES,
      columns,
      rows: ROWS,
      bitsAllocated: 8,
      modality: 'MR',
      pixels: () =>
        Uint8Array.from({ length: columns * ROWS }, (_, i) =>
          i % columns < columns / 2 ? 60 : 180,
        ),
    });
    const reduced = eventsOf(VOLUME_TEXTURE_REDUCED);
    const volume = await createVolume(series.imageIds);
    expect(reduced.details).toEqual([
      {
        volumeId: volume.volumeId,
        dimensions: [columns, ROWS, SLICES],
        textureDimensions: [columns / 2, ROWS, SLICES],
      },
    ]);
    await volume.load();
    expect(volume.dimensions).toEqual([columns, ROWS, SLICES]);
    expect(volume.voxelManager?.getAtIJK(columns - 1, 0, 1)).toBe(180);
    const pane = await showPlane(volume, 'axial', { lower: 0, upper: 255 });
    const picture = await pane.renderAll(volume);
    const [width, height] = [picture.width, picture.height];
    const greyAt = (part: number) => picture.grey(Math.round(width * part), Math.round(height / 2));
    expect([greyAt(0.3), greyAt(0.45)]).toEqual([60, 60]);
    expect([greyAt(0.55), greyAt(0.7)]).toEqual([180, 180]);
  });
});
