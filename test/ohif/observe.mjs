import assert from 'node:assert/strict';
import { saveScreenshot } from './saveScreenshot.mjs';

/** @typedef {import('./startRun.mjs').Run} Run */
/** @typedef {import('../../scripts/ohif/writeStudies.mjs').WrittenSeries} WrittenSeries */

/**
 * What came of a page: all that must be the same with this package and without it.
 *
 * @typedef {object} Observation
 * @property {import('./Viewer.mjs').PageVolume[]} volumes
 * @property {Array<{ type: string, values: Float64Array, sopUIDs: string[] }>} voxels of each volume
 * @property {Array<{ modalityUnit: string }>} ellipse statistics, of each volume that it lies on
 * @property {Record<string, { value: number, unit: string }>} segment statistics
 * @property {Map<string, number>} frameRequests
 * @property {string[]} complaints
 */

/** The off switch of the extension: OHIF has core's volumes. */
export const WITHOUT = { options: { enabled: false } };

/**
 * Opens a study, waits until it is loaded, measures in it, and reads everything.
 *
 * @param {Run} run
 * @param {object} options
 * @param {string} options.path of the view
 * @param {number} options.volumes how many are loaded
 * @param {string} options.viewportId where is measured
 * @param {{ slices: number[], rows: number[], columns: number[] }} options.box of the segment
 * @param {import('../../scripts/ohif/siteConfig.mjs').Site} [options.site]
 * @param {string} [options.screenshot] name of the picture for the documentation
 * @returns {Promise<Observation>}
 */
export async function observe(run, { path, volumes: count, viewportId, box, site, screenshot }) {
  const viewer = await run.open(path, { ...(site && { site }) });
  try {
    const volumes = await viewer.untilLoaded(count);
    if (screenshot) await saveScreenshot(viewer.page, screenshot);
    const ellipse = await viewer.drawEllipse(viewportId);
    const segment = await viewer.call('segment', viewportId, box);
    const voxels = [];
    for (const { volumeId } of volumes) voxels.push(decode(await viewer.call('voxels', volumeId)));
    const { complaints } = viewer;
    return { volumes, voxels, ellipse, segment, frameRequests: viewer.frameRequests(), complaints };
  } finally {
    await viewer.close();
  }
}

/** @type {Record<string, new (buffer: ArrayBuffer) => Iterable<number> & ArrayLike<number>>} */
const ARRAYS = { Int16Array, Uint16Array, Float32Array, Int8Array, Uint8Array };

/** @param {{ type: string, base64: string, sopUIDs: string[] }} read */
function decode({ type, base64, sopUIDs }) {
  const bytes = Buffer.from(base64, 'base64');
  const VoxelArray = ARRAYS[type];
  if (!VoxelArray) throw new Error(`Expected voxels of a known type, got ${type}`);
  const { buffer } = Uint8Array.from(bytes);
  return { type, sopUIDs, values: Float64Array.from(new VoxelArray(buffer)) };
}

/**
 * @param {Observation} observation
 * @param {number} frames of the study
 */
export function assertRequestedOnce({ frameRequests }, frames) {
  assert.equal(frameRequests.size, frames);
  assert.deepEqual(
    [...frameRequests].filter(([, requests]) => requests !== 1),
    [],
  );
}

/**
 * @param {{ values: Float64Array, sopUIDs: string[] }} voxels of a volume
 * @param {WrittenSeries} series
 * @param {(stored: number) => number} toValue
 * @param {number} [tolerance] largest difference, as a part of the value
 */
export function assertVoxels(
  { values, sopUIDs },
  { slices, size, stored, sliceOf },
  toValue,
  tolerance = 0,
) {
  assert.equal(values.length, slices * size * size);
  assert.equal(new Set(sopUIDs).size, slices);
  sopUIDs.forEach((sopUID, index) => {
    const source = stored(sliceOf(sopUID));
    const first = index * source.length;
    const wrong = source.findIndex((value, pixel) => {
      const expected = toValue(value);
      const found = values[first + pixel] ?? Number.NaN;
      return !(Math.abs(found - expected) <= tolerance * Math.abs(expected));
    });
    assert.equal(wrong, -1, `slice ${index}, ${sopUID}, differs first at pixel ${wrong}`);
  });
}

/**
 * An error of this package would come from a script of the extension, name it, or not be there without it.
 *
 * @param {Observation} observation
 * @param {Observation} without
 */
export function assertNoComplaintOfOurs({ complaints }, without) {
  const ofOurs = /\/ext\/|streaming-?image-?volume-?loader/i;
  assert.deepEqual(
    complaints.filter((complaint) => ofOurs.test(complaint)),
    [],
  );
  assert.equal(complaints.length, without.complaints.length, complaints.join('\n'));
}
