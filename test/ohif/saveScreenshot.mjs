import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const DOCS = new URL('../../docs/', import.meta.url);
const MAX_BYTES = 300_000;

/**
 * Writes a picture of a page to docs/ when the run was asked for it (`npm run test:ohif -- --screenshots`).
 *
 * @param {import('playwright-core').Page} page
 * @param {string} name with its extension
 * @param {{ x: number, y: number, width: number, height: number }} [clip] a part of the page
 * @throws {Error} when it is larger than a picture in the repository may be
 */
export async function saveScreenshot(page, name, clip) {
  if (process.env['OHIF_SCREENSHOTS'] !== '1') return;
  const path = fileURLToPath(new URL(name, DOCS));
  await page.screenshot({ path, ...(clip && { clip }) });
  const { size } = statSync(path);
  if (size > MAX_BYTES) throw new Error(`${name} has ${size} bytes, more than ${MAX_BYTES}`);
}
