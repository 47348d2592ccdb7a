/** What stands between the repository and a release, from what was read of it. */

/**
 * @typedef {object} ReleaseState
 * @property {string} version of package.json
 * @property {string} changelog
 * @property {string} status `git status --porcelain`
 * @property {readonly string[]} tags
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
export function planRelease({ version, changelog, status, tags }) {
  const gitTag = `v${version}`;
  const found = findSection(changelog, version);
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
  if (!found) {
    problems.push(`CHANGELOG.md has no section "## ${version} (date)"`);
  } else if (!/^\d{4}-\d{2}-\d{2}$/.test(found.date)) {
    problems.push(
      `the section ${version} of CHANGELOG.md has "${found.date}" in place of its date (yyyy-mm-dd)`,
    );
  } else if (found.text === '') {
    problems.push(`the section ${version} of CHANGELOG.md is empty`);
  }
  return {
    gitTag,
    distTag: version.includes('-') ? 'next' : 'latest',
    section: found?.text ?? '',
    problems,
  };
}

/**
 * @param {string} changelog
 * @param {string} version
 * @returns {{ date: string, text: string } | undefined}
 */
function findSection(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  for (const section of sections) {
    const [heading = '', ...lines] = section.split('\n');
    const [, name, date = ''] = /^(\S+)(?: \((.*)\))?\s*$/.exec(heading) ?? [];
    if (name === version) {
      return { date, text: lines.join('\n').trim() };
    }
  }
  return undefined;
}
