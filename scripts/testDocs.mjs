/**
 * Compiles every block of TypeScript and JavaScript in README.md, docs/, and the comments of src/ as strict
 * TypeScript, against the declarations of the packed package (`npm run build` comes first) and those of
 * Cornerstone3D, in its current and its oldest version. Blocks with a check are run in Chromium as well, on the
 * current version.
 *
 * Each block is compiled as a separate module, with its imports. codeBlocks.mjs describes how a block gets
 * declarations that readers do not see.
 */
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import { checkCodeBlocks } from './checkCodeBlocks.mjs';
import { findCodeBlocks } from './codeBlocks.mjs';
import { cornerstoneVersions, installPacked, manifest, packPackage } from './packedPackage.mjs';
import { runCodeBlocks } from './runCodeBlocks.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const files = globSync(['*.md', 'docs/**/*.md', 'src/**/*.ts'], { cwd: ROOT }).toSorted();
/** Of the packages that code blocks import besides Cornerstone3D, and `events`, which Cornerstone3D needs with Vite. */
const PACKAGES = ['@types/react', '@types/react-dom', 'react', 'react-dom', 'events'];
/** Packages that code blocks import, as far as they use them: the packages themselves are large. */
const STAND_INS = path.join(ROOT, 'test/documentation/packages');

const blocks = files.flatMap((file) =>
  findCodeBlocks(file, readFileSync(path.join(ROOT, file), 'utf8')),
);
if (!blocks.some(({ file }) => file === 'README.md')) {
  throw new Error('Expected code blocks in README.md, found none');
}

// Where the system's folder is a link, TypeScript reports files by the target of the link.
const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'docs-')));
try {
  const tarball = packPackage(folder);
  for (const version of [cornerstoneVersions.current, cornerstoneVersions.oldest]) {
    const application = path.join(folder, version);
    installPacked(application, tarball, {
      cornerstone: version,
      packages: Object.fromEntries(PACKAGES.map((name) => [name, manifest.devDependencies[name]])),
    });
    cpSync(STAND_INS, path.join(application, 'node_modules'), { recursive: true });
    const problems = checkCodeBlocks(application, blocks, manifest.name);
    problems.forEach((problem) => process.stderr.write(`${problem}\n`));
    process.stdout.write(
      `${blocks.length} code blocks, Cornerstone3D ${version}: ${problems.length} errors\n`,
    );
    process.exitCode = problems.length > 0 ? 1 : process.exitCode;
  }
  const { count, problems } = await runCodeBlocks(
    path.join(folder, cornerstoneVersions.current),
    blocks,
  );
  problems.forEach((problem) => process.stderr.write(`${problem}\n`));
  process.stdout.write(`${count} code blocks run: ${problems.length} errors\n`);
  process.exitCode = problems.length > 0 ? 1 : process.exitCode;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
