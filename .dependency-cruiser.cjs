/**
 * Holds the one-way flow between the rooms (`npm run lint`). A room may import those below it, and skip floors:
 *
 *   index -> api -> volume -> loading -> pixels -> headers -> geometry -> base
 *
 * geometry/ and base/ (except for base/transport/) are plain TypeScript without Cornerstone; ohif/ uses index
 * as applications do.
 */

const CODECS = '(^|node_modules/)@cornerstonejs/(codec-|jpeg-lossless-)';
const CORNERSTONE = '(^|node_modules/)(@cornerstonejs/(?!codec-|jpeg-lossless-)|@kitware/)';

/** From the bottom to the top. */
const ROOMS = ['base', 'geometry', 'headers', 'pixels', 'loading', 'volume', 'api'];

/** One rule for each room: it does not import what is above it. */
function roomRules() {
  return ROOMS.map((room, floor) => ({
    name: `${room}-flows-down`,
    comment: 'What a room needs of one above it is handed to it.',
    severity: 'error',
    from: { path: `^src/${room}/` },
    to: { path: `^src/(${[...ROOMS.slice(floor + 1), 'ohif'].join('|')})/|^src/index\\.ts$` },
  }));
}

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'Modules that import each other cannot be understood or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved',
      comment: 'A rule cannot hold for an import that is not found.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...roomRules(),
    {
      name: 'plain-typescript',
      comment:
        'Geometry and the base are computed from plain data; only the transport reads the hooks of dicom-image-loader.',
      severity: 'error',
      from: { path: '^src/(geometry|base)/', pathNot: '^src/base/transport/' },
      to: { path: CORNERSTONE },
    },
    {
      name: 'transport-is-below',
      comment: 'A request knows nothing of what is in its answer.',
      severity: 'error',
      from: { path: '^src/base/transport/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/base/(transport/|callApplication\\.ts$|errors\\.ts$|limits\\.ts$|timers\\.ts$|withoutQueries\\.ts$)',
      },
    },
    {
      name: 'texture-is-below-the-volume',
      comment: 'The texture draws an array that it is given.',
      severity: 'error',
      from: { path: '^src/volume/texture/' },
      to: { path: '^src/(volume|pixels|headers)/', pathNot: '^src/volume/texture/' },
    },
    {
      name: 'frame-worker-is-plain',
      comment: 'The script of the worker is small, and has no page.',
      severity: 'error',
      from: { path: '^src/pixels/worker/frameWorker\\.ts$' },
      to: { path: CORNERSTONE, reachable: true },
    },
    {
      name: 'one-place-for-codecs',
      comment: 'Each codec has a module of its own, which loads it when a series needs it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/pixels/codecs/' },
      to: { path: CODECS },
    },
    {
      name: 'ohif-is-a-user',
      comment: 'The OHIF extension uses the public names, as any application does.',
      severity: 'error',
      from: { path: '^src/ohif/' },
      to: { path: '^src/', pathNot: ['^src/ohif/', '^src/index\\.ts$'] },
    },
    {
      name: 'demo-and-bench-are-users',
      comment: 'What they need and the index does not export is missing from the public names.',
      severity: 'error',
      from: { path: '^(demo|bench)/' },
      to: { path: '^src/', pathNot: '^src/index\\.ts$' },
    },
    {
      name: 'bench-measures-the-package',
      comment: 'The package is imported by its name, so that what is built for users is measured.',
      severity: 'error',
      from: { path: '^bench/' },
      to: { path: '^src/', dependencyTypesNot: ['aliased-tsconfig-paths'] },
    },
    {
      name: 'src-stands-alone',
      comment: 'The package holds nothing but src.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(bench|demo|scripts|test)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // The application of the pack test imports the installed package; OHIF's page, the built one.
    exclude: { path: '^(dist|\\.cache|scripts/packedApplication|scripts/ohif/extension)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
