/**
 * Builds and packs the package and prints what `npm publish` would publish (`npm run release:check`): version, tags,
 * the section of the changelog, files and their sizes. Nothing is published.
 *
 * Fails where the working tree has changes, a changeset is not in CHANGELOG.md, the version has no section there, its
 * tag exists, or the report of the public interface is stale.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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
  pending: listPending(),
});
if (problems.length > 0) {
  console.error(`${name} ${version} cannot be released:\n- ${problems.join('\n- ')}`);
  process.exit(1);
}

runNpm(['run', '--silent', 'api:check'], ROOT);
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

/** Changesets; while candidates are released, those that are in one of them stay in the folder. */
function listPending() {
  const folder = new URL('../.changeset/', import.meta.url);
  const candidates = new URL('pre.json', folder);
  const released = existsSync(candidates)
    ? JSON.parse(readFileSync(candidates, 'utf8')).changesets
    : [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .filter((file) => !released.includes(file.slice(0, -'.md'.length)));
}

/** @param {number} bytes */
function inKib(bytes) {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}
