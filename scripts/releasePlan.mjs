/** What stands between the repository and a release, from what was read of it. */

/**
 * @typedef {object} ReleaseState
 * @property {string} version of package.json
 * @property {string} changelog
 * @property {string} status `git status --porcelain`
 * @property {readonly string[]} tags
 * @property {readonly string[]} pending changesets that are not in the changelog yet
 */

/**
 * @typedef {object} ReleasePlan
 * @property {string} gitTag
 * @property {string} distTag under which npm has it: `next` before a release, else `latest`
 * @property {string} section of the changelog, without its heading
 * @property {string[]} problems what has to be done first; empty where it can be released
 */

/**
 * @param {ReleaseState} state
 * @returns {ReleasePlan}
 */
export function planRelease({ version, changelog, status, tags, pending }) {
  const gitTag = `v${version}`;
  const section = findSection(changelog, version);
  const problems = [];
  if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
    problems.push(`version ${version} of package.json is no semantic version`);
  }
  if (status.trim() !== '') {
    problems.push(`the working tree has changes: commit them first\n${status.trimEnd()}`);
  }
  if (tags.includes(gitTag)) {
    problems.push(`the tag ${gitTag} exists: raise version in package.json`);
  }
  if (pending.length > 0) {
    problems.push(
      `changesets are not in the changelog: npm run release:version\n${pending.join('\n')}`,
    );
  }
  if (section === undefined) {
    problems.push(`CHANGELOG.md has no section "## ${version}"`);
  } else if (section === '') {
    problems.push(`the section ${version} of CHANGELOG.md is empty`);
  }
  return {
    gitTag,
    distTag: version.includes('-') ? 'next' : 'latest',
    section: section ?? '',
    problems,
  };
}

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {string | undefined} without its heading
 */
function findSection(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  for (const section of sections) {
    const [heading = '', ...lines] = section.split('\n');
    if (heading.trim() === version) {
      return lines.join('\n').trim();
    }
  }
  return undefined;
}
