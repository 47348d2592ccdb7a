export default {
  mode: 'production',
  entry: './main.js',
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
};
