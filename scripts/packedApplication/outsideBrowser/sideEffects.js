/**
 * Imports the package in Node and prints its side effects as JSON; expected are none. Its dependencies are
 * imported before, so that their side effects do not count.
 */
import * as core from '@cornerstonejs/core';
import { internal } from '@cornerstonejs/dicom-image-loader';

const NEEDED = [
  '@cornerstonejs/calculate-suv',
  '@cornerstonejs/metadata',
  '@kitware/vtk.js/Common/DataModel/ImageData.js',
  '@kitware/vtk.js/Rendering/OpenGL/Texture.js',
  '@kitware/vtk.js/macros.js',
  'dicom-parser',
  'gl-matrix',
];
await Promise.all(NEEDED.map((name) => import(name)));

const NAMES = [
  'Blob',
  'BroadcastChannel',
  'HTMLCanvasElement',
  'Image',
  'MessageChannel',
  'OffscreenCanvas',
  'SharedWorker',
  'WebGL2RenderingContext',
  'WebGLRenderingContext',
  'Worker',
  'XMLHttpRequest',
  'addEventListener',
  'customElements',
  'document',
  'fetch',
  'indexedDB',
  'localStorage',
  'location',
  'navigator',
  'queueMicrotask',
  'requestAnimationFrame',
  'self',
  'setInterval',
  'setTimeout',
  'window',
];

/** Names of the browser and of timers that were read during the import. */
const touched = [];
const reads = NAMES.map((name) => {
  const before = Object.getOwnPropertyDescriptor(globalThis, name);
  const value = globalThis[name];
  Object.defineProperty(globalThis, name, {
    configurable: true,
    enumerable: before?.enumerable ?? false,
    get() {
      // Node's own module loader uses timers too.
      if (new Error('who asks').stack?.includes('/streaming-image-volume-loader/')) {
        touched.push(name);
      }
      return value;
    },
    set() {
      touched.push(`${name} =`);
    },
  });
  return { name, before };
});
/** Calls of Cornerstone's event target. */
const listeners = [];
core.eventTarget.addEventListener = (type) => {
  listeners.push(type);
};
const state = () => ({
  globals: Reflect.ownKeys(globalThis).map(String),
  prototypes: [Object, Array, Promise, Function].map(({ prototype }) =>
    Reflect.ownKeys(prototype).map(String),
  ),
  volumeSchemes: core.volumeLoader.getVolumeLoaderSchemes(),
  transportOptions: Object.keys(internal.getOptions()),
  volumes: core.cache.getVolumes().length,
  listenersOfProcess: process.eventNames().map(String),
});

const before = state();
const api = await import('streaming-image-volume-loader');
const after = state();

for (const { name, before: descriptor } of reads) {
  delete globalThis[name];
  if (descriptor) {
    Object.defineProperty(globalThis, name, descriptor);
  }
}
const changed = Object.keys(after).filter(
  (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
);
process.stdout.write(
  JSON.stringify({ exports: Object.keys(api), effects: { changed, touched, listeners } }),
);
