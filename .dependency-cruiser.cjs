/**
 * Holds the one-way flow of values between the folders (`npm run lint`):
 *
 *   transport -> metadata -> geometry -> frames -> pixels -> texture -> volume -> volumeLoader, register -> index
 *
 * geometry/ and frames/ are plain TypeScript that runs anywhere; only the folders that talk to
 * Cornerstone import it.
 */

const CORNERSTONE = '(^|node_modules/)(@cornerstonejs|@kitware)/';

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
    {
      name: 'geometry-is-plain',
      comment: 'Geometry is computed from plain data.',
      severity: 'error',
      from: { path: '^src/geometry/' },
      to: { path: [CORNERSTONE, '^src/(frames|metadata|pixels|texture|volume|ohif)/'] },
    },
    {
      name: 'frames-is-plain',
      comment: 'The frame store and queue know only the plain types and the errors.',
      severity: 'error',
      from: { path: '^src/frames/' },
      to: {
        pathNot: [
          '^src/frames/',
          '^src/(types|errors|linearRescale|smallestVoxelType|valueRanges|voxelArrayTypes|voxelTypeRanges)\\.ts$',
        ],
      },
    },
    {
      name: 'cornerstone-only-at-the-edge',
      comment: 'These folders and files are the ones that know Cornerstone and vtk.js.',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/(metadata|ohif|pixels|texture|transport|volume)/',
          '^src/(create\\w*Volume\\w*|prefetchVolume|register|volumeLoader)\\.ts$',
        ],
      },
      to: { path: CORNERSTONE },
    },
    {
      name: 'transport-is-below',
      comment: 'Requests are sent for whoever asks; they know nothing of what is in the answers.',
      severity: 'error',
      from: { path: '^src/transport/' },
      to: { path: '^src/', pathNot: '^src/(transport/|errors\\.ts$)' },
    },
    {
      name: 'metadata-flows-down',
      comment: 'Headers are read before there are pixels or a volume.',
      severity: 'error',
      from: { path: '^src/metadata/' },
      to: { path: '^src/(frames|ohif|pixels|texture|volume)/' },
    },
    {
      name: 'pixels-flow-down',
      comment: 'Pixels are given to whoever asked; they do not know the volume.',
      severity: 'error',
      from: { path: '^src/pixels/' },
      to: { path: '^src/(ohif|texture|volume)/' },
    },
    {
      name: 'frame-worker-is-plain',
      comment: 'The script of the worker is small, and has no page.',
      severity: 'error',
      from: { path: '^src/pixels/worker/frameWorker\\.ts$' },
      to: { path: CORNERSTONE, reachable: true },
    },
    {
      name: 'texture-flows-down',
      comment: 'The texture draws an array that it is given.',
      severity: 'error',
      from: { path: '^src/texture/' },
      to: { path: '^src/(ohif|pixels|volume)/' },
    },
    {
      name: 'nothing-below-imports-the-top',
      comment: 'The loader, the registration and the public names are above all folders.',
      severity: 'error',
      from: { path: '^src/(frames|geometry|metadata|pixels|texture|transport|volume)/' },
      to: {
        path: '^src/(create\\w*Volume\\w*|index|prefetchVolume|prefetchedVolumes|register|volumeLoader)\\.ts$',
      },
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
    exclude: { path: '(^|/)(dist|\\.cache|scripts/packedApplication|scripts/ohif/extension)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
    },
  },
};
