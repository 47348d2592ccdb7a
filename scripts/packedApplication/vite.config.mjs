/** What any Vite application of Cornerstone3D has: nothing here is about the loader itself. */
export default {
  build: { outDir: 'vite' },
  // It warns of each node module that the codecs name.
  logLevel: 'error',
};
