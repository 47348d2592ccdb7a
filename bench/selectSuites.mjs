/**
 * The suites of some names or of the beginnings of some: `load` means `load-shared`, `load-plain` and so
 * on.
 *
 * @template {{ readonly name: string }} Suite
 * @param {readonly Suite[]} suites
 * @param {readonly string[]} names none means all
 * @returns {Suite[]}
 * @throws {Error} that lists what there is, when a name fits nothing
 */
export function selectSuites(suites, names) {
  const fits = (/** @type {Suite} */ { name }, /** @type {string} */ wanted) =>
    name === wanted || name.startsWith(`${wanted}-`);
  for (const wanted of names) {
    if (!suites.some((each) => fits(each, wanted))) {
      throw new Error(
        `There is no suite ${wanted}, but ${suites.map(({ name }) => name).join(', ')}`,
      );
    }
  }
  return suites.filter((each) => names.length === 0 || names.some((wanted) => fits(each, wanted)));
}
