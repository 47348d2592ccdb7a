/** What any webpack application of Cornerstone3D has: nothing here is about the loader itself. */
export default {
  mode: 'production',
  // Minifying vtk.js takes longer than the rest of the test together.
  optimization: { minimize: false },
  devtool: false,
  resolve: {
    fallback: {
      buffer: false,
      crypto: false,
      fs: false,
      path: false,
      stream: false,
      url: false,
      zlib: false,
    },
  },
  module: { rules: [{ test: /\.wasm$/, type: 'asset/resource' }] },
  performance: false,
  stats: 'errors-warnings',
};
