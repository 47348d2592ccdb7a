import { defineSuite } from './Suite.mjs';

/** @type {import('./createSuites.mjs').SuiteMaker} */
export function voxels({ frames }) {
  return [
    defineSuite({
      name: 'voxels',
      scenario: 'voxels',
      frames,
      // All frames are loaded before the clock starts.
      loadsAll: false,
      rows: [
        { name: 'voxels-get-at-ijk', unit: 'ns', valueOf: ({ getAtIJKNs }) => getAtIJKNs },
        { name: 'voxels-scattered', unit: 'ns', valueOf: ({ scatteredNs }) => scatteredNs },
        { name: 'voxels-array', unit: 'ms', valueOf: ({ completeArrayMs }) => completeArrayMs },
        {
          name: 'voxels-array-copied',
          unit: 'bytes',
          valueOf: ({ completeArrayBytes }) => completeArrayBytes,
        },
        { name: 'voxels-middle-slice', unit: 'ms', valueOf: ({ middleSliceMs }) => middleSliceMs },
      ],
    }),
  ];
}
