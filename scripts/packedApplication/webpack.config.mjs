import path from 'node:path';

/** The settings of every webpack application of Cornerstone3D; none is for this loader. */
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
