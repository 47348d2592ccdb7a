/** Runs in the page: the texts whose contrast with what is behind them is below what WCAG 2 asks for at level AA. */
const FIND_FAINT_TEXTS = `() => {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const channelsOf = (color) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = color;
    context.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = context.getImageData(0, 0, 1, 1).data;
    return { rgb: [red, green, blue], alpha: alpha / 255 };
  };
  const mix = (above, alpha, below) =>
    above.map((value, channel) => alpha * value + (1 - alpha) * below[channel]);
  const parentsOf = (element) => (element ? [element, ...parentsOf(element.parentElement)] : []);
  const backgroundOf = (element) =>
    parentsOf(element).reverse().reduce((below, parent) => {
      const { rgb, alpha } = channelsOf(getComputedStyle(parent).backgroundColor);
      return mix(rgb, alpha, below);
    }, channelsOf('Canvas').rgb);
  const luminanceOf = (rgb) => {
    const [red, green, blue] = rgb.map((value) =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const faint = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: element, textContent } = walker.currentNode;
    // Disabled controls are excepted by WCAG; the texts of panes lie on pictures.
    const isExcepted = element.closest('script, noscript, option, :disabled, .unseen, .pane');
    if (!textContent.trim() || isExcepted || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const opacity = parentsOf(element).reduce(
      (product, parent) => product * Number(getComputedStyle(parent).opacity), 1);
    const background = backgroundOf(element);
    const { rgb, alpha } = channelsOf(color);
    const [low, high] = [luminanceOf(background), luminanceOf(mix(rgb, alpha * opacity, background))]
      .sort((a, b) => a - b);
    const contrast = (high + 0.05) / (low + 0.05);
    const size = parseFloat(fontSize);
    const least = size >= 24 || (size >= 18.66 && Number(fontWeight) >= 700) ? 3 : 4.5;
    if (contrast < least) faint.add(textContent.trim().slice(0, 40) + ': ' + contrast.toFixed(2));
  }
  return [...faint];
}`;

/** Runs in the page: the texts that are cut by their own box, or that leave the window. */
const FIND_CUT_TEXTS = `() => [...document.querySelectorAll('button, select, h1, h2, h3, th, td, dt, dd, label, p, small, b')]
  .filter((element) => element.checkVisibility() && !element.closest('.unseen, .pane'))
  .filter((element) => {
    const { overflowX, textOverflow, webkitLineClamp, clipPath } = getComputedStyle(element);
    // For screen readers only.
    if (clipPath !== 'none') return false;
    const hasMark = textOverflow === 'ellipsis' || webkitLineClamp !== 'none';
    const { left, right } = element.getBoundingClientRect();
    const isInRow = element.closest('.series-list, .segments') !== null;
    const isCut = overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    return (isCut && !hasMark) || (!isInRow && (left < 0 || right > innerWidth + 1));
  })
  .map(({ id, textContent }) => id || textContent.trim().slice(0, 40))`;

/** Roles whose elements have to have a name. */
const NAMED_ROLES = new Set([
  'application',
  'button',
  'checkbox',
  'combobox',
  'dialog',
  'image',
  'img',
  'link',
  'progressbar',
  'progressIndicator',
  'ProgressIndicator',
  'slider',
  'textbox',
]);

/**
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>} texts with their contrast
 */
export function findFaintTexts(page) {
  return page.evaluate(`(${FIND_FAINT_TEXTS})()`);
}

/**
 * Texts that end with an ellipsis are not cut.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export function findCutTexts(page) {
  return page.evaluate(`(${FIND_CUT_TEXTS})()`);
}

/**
 * What a screen reader would announce without a name.
 *
 * @param {import('playwright-core').Page} page in Chromium
 * @returns {Promise<{ count: number, nameless: string[] }>} how many elements need a name, and the roles of those
 *   without
 */
export async function findNamelessControls(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const controls = nodes.filter(
    ({ ignored, role }) => !ignored && NAMED_ROLES.has(String(role?.value)),
  );
  return {
    count: controls.length,
    nameless: controls
      .filter(({ name }) => !String(name?.value ?? '').trim())
      .map(({ role, nodeId }) => `${role?.value} ${nodeId}`),
  };
}
