/**
 * The parts of a webpack configuration that every application of Cornerstone3D needs: the codecs
 * name node modules that they do not use in a browser, and their .wasm files are fetched by URL.
 * Merge it into the configuration of the specs, of the demo and of the measurements.
 */

/** The sources import `./name.js`, the name for Node, of a file `./name.ts`. */
export const typescriptExtensions = { '.js': ['.ts', '.js'] };

/** @satisfies {import('webpack').ResolveOptions} */
export const cornerstoneResolve = {
  extensions: ['.ts', '.js'],
  extensionAlias: typescriptExtensions,
  fallback: {
    buffer: false,
    crypto: false,
    fs: false,
    path: false,
    stream: false,
    url: false,
    util: false,
    zlib: false,
  },
};

/** @satisfies {import('webpack').RuleSetRule[]} */
export const cornerstoneRules = [
  { test: /\.wasm$/, type: 'asset/resource', generator: { filename: '[name]-[hash:8][ext]' } },
];

/** TypeScript of this repository, without type checks, which `npm run typecheck` makes. */
export const typescriptRule = {
  test: /\.ts$/,
  exclude: /node_modules/,
  loader: 'ts-loader',
  options: { transpileOnly: true, compilerOptions: { noEmit: false } },
};
