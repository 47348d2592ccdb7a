/**
 * Builds and packs the package and prints what `npm publish` would publish (`npm run release:check`): version, tags,
 * the section of the changelog, files and their sizes. Nothing is published.
 *
 * Fails where the working tree has changes, the version has no section with a date in CHANGELOG.md, or its tag exists.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manifest, runNpm } from './packedPackage.mjs';
import { planRelease } from './releasePlan.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** @param {string[]} args */
function git(...args) {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
}

const { name, version } = manifest;
const { gitTag, distTag, section, problems } = planRelease({
  version,
  changelog: readFileSync(new URL('../CHANGELOG.md', import.meta.url), 'utf8'),
  status: git('status', '--porcelain'),
  tags: git('tag', '--list').split('\n'),
});
if (problems.length > 0) {
  console.error(`${name} ${version} cannot be released:\n- ${problems.join('\n- ')}`);
  process.exit(1);
}

runNpm(['run', '--silent', 'build'], ROOT);
const [packed] = JSON.parse(runNpm(['pack', '--dry-run', '--json'], ROOT));
const files = /** @type {{ path: string, size: number }[]} */ (packed.files);
for (const { path, size } of files.toSorted((a, b) => b.size - a.size)) {
  console.log(`${(size / 1024).toFixed(1).padStart(9)} KiB  ${path}`);
}
console.log(`
${name} ${version}
${files.length} files, ${inKib(packed.unpackedSize)} unpacked, ${inKib(packed.size)} packed
npm: npm publish --tag ${distTag}
git: ${gitTag} at ${git('rev-parse', '--short', 'HEAD').trim()}

${section}`);

/** @param {number} bytes */
function inKib(bytes) {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
