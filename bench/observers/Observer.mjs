/**
 * Looks at the browser while a page measures. It is called when the page is ready; what it returns is
 * called when the page has done its work, before the page checks the values, and gives the figures.
 *
 * @typedef {(page: import('playwright-core').Page) => Promise<() => Promise<Record<string, number>>>} Observer
 */

export {};
