import path from 'node:path';

/** What any webpack application of Cornerstone3D has: nothing here is about the loader itself. */
export default {
  mode: 'production',
  output: { path: path.resolve('webpack') },
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
