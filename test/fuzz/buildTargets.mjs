import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readFileSync, readdirSync } from 'node:fs';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the inputs are that each parser begins with; those that a fault was found by stay there. */
export const CORPUS = path.join(ROOT, 'test/corpus');

/**
 * Bundles the parsers for Node. Packages are not bundled.
 *
 * @returns {Promise<Record<string, (input: Uint8Array) => Promise<void>>>} by name; see targets.ts
 */
export async function buildTargets() {
  const outDir = path.join(ROOT, '.cache/fuzz');
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: path.join(ROOT, 'test/fuzz/targets.ts'),
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'targets.mjs' } },
    },
  });
  const { targets } = await import(pathToFileURL(path.join(outDir, 'targets.mjs')).href);
  return targets;
}

/**
 * @param {string} target
 * @returns {{ name: string, bytes: Uint8Array }[]}
 */
export function readCorpus(target) {
  const folder = path.join(CORPUS, target);
  return readdirSync(folder)
    .toSorted()
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(path.join(folder, name))) }));
}
