/**
 * Builds the demo and drives it in headless Chromium, with small computed series. The counts are written to
 * .cache/test-results/demo.json.
 *
 *   npm run test:demo
 */
import { buildDemo } from '../demo/build.mjs';
import { runTestFiles } from './runNodeTests.mjs';

try {
  await buildDemo();
  const passed = await runTestFiles({
    name: 'demo',
    patterns: ['test/demo/page/*.test.mjs'],
    // The pages draw without a graphics card: in parallel each would take more than twice as long.
    concurrency: false,
  });
  process.exitCode = passed ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
