/**
 * Builds the applications of examples/ as a reader of docs/getting-started.md does, with the packed package
 * (`npm run build` comes first), and drives them in headless Chromium. The counts are written to
 * .cache/test-results/examples.json.
 */
import { runTestFiles } from './runNodeTests.mjs';

const hasPassed = await runTestFiles({
  name: 'examples',
  patterns: ['test/examples/*.test.mjs'],
  concurrency: false,
});
process.exitCode = hasPassed ? 0 : 1;
