/**
 * The suites with these names or prefixes: `load` selects `load-shared`, `load-plain` and so on.
 *
 * @template {{ readonly name: string }} Suite
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} names none means all
 * @param {readonly string[]} [skipped] names or prefixes of those that are left out
 * @returns {Suite[]}
 * @throws {Error} that lists all suites, when a name matches none
 */
export function selectSuites(suites, names, skipped = []) {
  const fits = (/** @type {Suite} */ { name }, /** @type {string} */ wanted) =>
    name === wanted || name.startsWith(`${wanted}-`);
  for (const wanted of [...names, ...skipped]) {
    if (!suites.some((each) => fits(each, wanted))) {
      throw new Error(
        `There is no suite ${wanted}, but ${suites.map(({ name }) => name).join(', ')}`,
      );
    }
  }
  return suites
    .filter((each) => names.length === 0 || names.some((wanted) => fits(each, wanted)))
    .filter((each) => !skipped.some((unwanted) => fits(each, unwanted)));
}
