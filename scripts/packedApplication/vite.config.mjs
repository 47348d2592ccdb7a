/** The settings of every Vite application of Cornerstone3D; none is for this loader. */
export default {
  build: { outDir: 'vite' },
  // Vite warns of each node module that the codecs name.
  logLevel: 'error',
};
