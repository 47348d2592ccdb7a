/**
 * What a part of the screen looks like.
 *
 * @typedef {object} Picture
 * @property {number} brightness mean of all channels, from 0 to 255
 * @property {number} drawn part of the pixels that are clearly brighter than black, from 0 to 1
 * @property {number} coloured part of the pixels that are clearly not grey, from 0 to 1
 * @property {number} red part of the pixels that are clearly red, from 0 to 1
 * @property {number} shades how many different colours there are
 */

/** Runs in the page, which can decode a PNG. */
const DESCRIBE = `async (base64) => {
  const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  const shades = new Set();
  let [sum, drawn, coloured, reds] = [0, 0, 0, 0];
  for (let at = 0; at < data.length; at += 4) {
    const rgb = [...data.subarray(at, at + 3)];
    const [low, high] = [Math.min(...rgb), Math.max(...rgb)];
    sum += rgb[0] + rgb[1] + rgb[2];
    drawn += high > 40;
    coloured += high - low > 40;
    reds += rgb[0] > Math.max(rgb[1], rgb[2]) + 60;
    shades.add(rgb.join());
  }
  const pixels = data.length / 4;
  return {
    brightness: sum / pixels / 3,
    drawn: drawn / pixels,
    coloured: coloured / pixels,
    red: reds / pixels,
    shades: shades.size,
  };
}`;

/**
 * Takes a picture of a part of the page and describes it.
 *
 * @param {import('playwright-core').Page} page
 * @param {{ x: number, y: number, width: number, height: number }} clip
 * @returns {Promise<Picture>}
 */
export async function describePicture(page, clip) {
  const png = await page.screenshot({ clip });
  return page.evaluate(`(${DESCRIBE})('${png.toString('base64')}')`);
}
