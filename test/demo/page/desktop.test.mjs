import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PLANES, VIEWPORTS } from './DemoPage.mjs';
import { findCutTexts, findFaintTexts, findNamelessControls } from './readability.mjs';
import { CT_SLICES, PERFUSION, startDemo } from './startDemo.mjs';

const AXIAL_SLICE = '[data-viewport="axial"] .slice';

describe('the demo on a desktop', () => {
  /** @type {import('./startDemo.mjs').Demo} */
  let demo;
  /** @type {import('./DemoPage.mjs').DemoPage} */
  let viewer;

  before(async () => {
    demo = await startDemo();
    viewer = await demo.open();
    await viewer.untilLoaded();
  });
  after(() => demo?.close());

  it('draws the first series in all viewports', async () => {
    for (const viewport of VIEWPORTS) {
      const picture = await viewer.untilPicture(viewport, ({ drawn }) => drawn > 0.1);
      assert.ok(picture.shades > 16, `${viewport}: ${JSON.stringify(picture)}`);
    }
    assert.equal(viewer.frameRequests(), CT_SLICES);
  });

  it('fills the window without scrolling', async () => {
    const size = await viewer.page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.scrollHeight]',
    );
    assert.deepEqual(size, [1440, 900]);
  });

  it('names every control for screen readers', async () => {
    const { count, nameless } = await findNamelessControls(viewer.page);
    assert.ok(count > 20, `${count} controls`);
    assert.deepEqual(nameless, []);
  });

  it('puts the open series into its address', async () => {
    const [first] = await viewer.page.locator('#series-list button').all();
    assert.equal(await first?.getAttribute('aria-current'), 'true');
    assert.match(new URL(viewer.page.url()).searchParams.get('series') ?? '', /^[\d.]+$/);
  });

  describe('by keys', () => {
    it('goes through the slices with arrows and page keys', async () => {
      const first = Number(/\d+/.exec(await viewer.text(AXIAL_SLICE))?.[0]);
      await viewer.page.keyboard.press('ArrowDown');
      await viewer.untilText(AXIAL_SLICE, sliceAmong(first + 1, first - 1));
      await viewer.page.keyboard.press('PageUp');
      await viewer.untilText(AXIAL_SLICE, sliceAmong(first - 9, first + 9));
    });

    it('chooses presets with numbers, and the pictures follow', async () => {
      await viewer.page.keyboard.press('2');
      await viewer.page
        .locator('#window-presets button[aria-pressed="true"]', { hasText: 'Lung' })
        .waitFor();
      const lung = await viewer.picture('axial');
      await viewer.page.keyboard.press('3');
      await viewer.page
        .locator('#window-presets button[aria-pressed="true"]', { hasText: 'Bone' })
        .waitFor();
      await viewer.untilPicture('axial', ({ brightness }) => brightness < lung.brightness - 20);
      await viewer.page.keyboard.press('1');
    });

    it('shows the help sheet with ?, and closes it with Escape', async () => {
      await viewer.page.keyboard.press('?');
      const sheet = viewer.page.getByRole('dialog', { name: 'Keys and mouse' });
      await sheet.waitFor();
      assert.deepEqual(await findFaintTexts(viewer.page), []);
      assert.deepEqual(await findCutTexts(viewer.page), []);
      await viewer.page.keyboard.press('r');
      await viewer.page.keyboard.press('Escape');
      await sheet.waitFor({ state: 'hidden' });
      assert.equal(viewer.frameRequests(), CT_SLICES);
    });

    it('leaves keys to a field that has the focus', async () => {
      const { page } = viewer;
      const presets = page.locator('#window-presets');
      await presets.evaluate((element) =>
        element.addEventListener('click', () => element.setAttribute('data-chosen', 'yes')),
      );
      await page.locator('#overlay-choice').focus();
      await page.keyboard.press('1');
      assert.equal(await presets.getAttribute('data-chosen'), null);
      await page.locator('#overlay-choice').blur();
      await page.keyboard.press('1');
      assert.equal(await presets.getAttribute('data-chosen'), 'yes');
    });

    it('loads the series again with r, and leaves no renderer of the former viewports', async () => {
      const renderers = await countRenderers(viewer.page);
      viewer.server.requests.clear();
      await viewer.page.keyboard.press('r');
      await viewer.server.requests.waitFor(/\/frames\//, CT_SLICES);
      await viewer.untilLoaded();
      for (const viewport of PLANES) {
        await viewer.untilPicture(viewport, ({ drawn }) => drawn > 0.1);
      }
      assert.ok(renderers > 0);
      assert.equal(await countRenderers(viewer.page), renderers);
    });
  });

  describe('with tools', () => {
    const ANNOTATION = '[data-viewport="axial"] svg text';

    it('measures a length', async () => {
      await viewer.chooseTool('Length');
      await viewer.drag('axial', [0.4, 0.4], [0.6, 0.4]);
      await viewer.untilText(ANNOTATION, /^\d+(\.\d+)? mm/);
    });

    it('measures the values in an ellipse', async () => {
      await viewer.chooseTool('Clear');
      await viewer.chooseTool('Ellipse');
      await viewer.drag('axial', [0.5, 0.5], [0.6, 0.58]);
      await viewer.untilText(ANNOTATION, /Mean: -?\d/);
    });

    it('paints a labelmap, and removes it', async () => {
      await viewer.chooseTool('Clear');
      const unpainted = await viewer.untilPicture('axial', ({ coloured }) => coloured < 0.01);
      await viewer.chooseTool('Brush');
      await viewer.drag('axial', [0.4, 0.5], [0.6, 0.5]);
      await viewer.untilPicture('axial', ({ coloured }) => coloured > unpainted.coloured + 0.02);
      await viewer.chooseTool('Clear');
      await viewer.chooseTool('Window');
      await viewer.untilPicture('axial', ({ coloured }) => coloured < 0.01);
    });
  });

  it('lays a PET over the CT in all planes and the stack, and takes it away', async () => {
    const overlay = viewer.page.locator('#overlay-choice');
    await overlay.selectOption({ index: 1 });
    await viewer.untilText('#overlay-scale', /^0.*8 SUV$/);
    for (const viewport of /** @type {const} */ ([...PLANES, 'stack'])) {
      await viewer.untilPicture(viewport, ({ coloured }) => coloured > 0.05);
    }
    await overlay.selectOption({ index: 0 });
    for (const viewport of /** @type {const} */ ([...PLANES, 'stack'])) {
      await viewer.untilPicture(viewport, ({ coloured }) => coloured < 0.01);
    }
  });

  it('compares both loaders on the same series', async () => {
    const ours = await viewer.picture('axial');
    await viewer.page.getByRole('button', { name: 'Built-in' }).click();
    await viewer.untilText('#comparison-rows tr:nth-child(2) td:nth-child(3)', /\d+(\.\d+)? m?s/);
    const builtIn = await viewer.untilPicture('axial', ({ drawn }) => drawn > 0.1);
    const rows = await viewer.comparison();
    assert.deepEqual(
      rows.map(([name]) => name),
      ['First slice', 'Total time', 'Requests', 'Memory'],
    );
    for (const [, ...times] of rows.slice(0, 2)) {
      times.forEach((time) => assert.match(time, /^[\d.]+ m?s$/));
    }
    assert.deepEqual(rows[2]?.slice(1), [String(CT_SLICES), String(CT_SLICES)]);
    assert.ok(builtIn.shades > 16 && ours.shades > 16);
    await viewer.untilText('#comparison-rows tr:nth-child(4) td:nth-child(3)', /^[\d.]+ MB$/);
    assert.deepEqual(await findFaintTexts(viewer.page), []);
    assert.deepEqual(await findCutTexts(viewer.page), []);
    await viewer.page.getByRole('button', { name: 'This package' }).click();
    await viewer.untilLoaded();
  });

  it('plays a series with time points with space', async () => {
    await viewer.page.locator('#series-list button', { hasText: 'time point' }).click();
    await viewer.untilText('#time-text', new RegExp(`of ${PERFUSION.timePoints}`));
    await viewer.untilLoaded();
    await viewer.untilText(
      '[data-viewport="stack"] .slice',
      new RegExp(`/ ${PERFUSION.sliceCount}$`),
    );
    // A slab is seen from its face, and not as a bar of one colour.
    await viewer.untilPicture(
      'volume3d',
      ({ drawn, shades, brightness, coloured }) =>
        drawn > 0.5 && shades > 64 && brightness < 128 && coloured < 0.01,
    );
    const shown = await viewer.text('#time-text');
    await viewer.page.locator('[data-viewport="axial"] .canvas').focus();
    await viewer.page.keyboard.press(' ');
    await viewer.untilText('#time-play', /Pause/);
    await viewer.page.waitForFunction(
      `document.querySelector('#time-text').textContent !== '${shown}'`,
    );
    await viewer.page.keyboard.press(' ');
    await viewer.untilText('#time-play', /Play/);
  });

  it('shows a dose with all of its values', async () => {
    await viewer.page.locator('#series-list button', { hasText: 'RT dose' }).click();
    await viewer.untilLoaded();
    await viewer.untilText(
      '[data-viewport="axial"] .window',
      /^W [56]\d(\.\d)?\s+L [23]\d(\.\d)?$/,
    );
    for (const viewport of /** @type {const} */ ([...PLANES, 'stack'])) {
      const { shades } = await viewer.untilPicture(viewport, isOfPart);
      assert.ok(shades > 16, `${viewport}: ${shades}`);
    }
  });

  it('writes nothing to the console', () => {
    assert.deepEqual(viewer.messages, []);
  });
});

/**
 * Whether something is drawn, and more is not.
 *
 * @param {import('./describePicture.mjs').Picture} picture
 */
function isOfPart({ drawn }) {
  return drawn > 0.01 && drawn < 0.6;
}

/**
 * The text of one of two slices: the order of a volume may be against the direction of the view.
 *
 * @param {number} one
 * @param {number} other
 */
function sliceAmong(one, other) {
  return new RegExp(`Slice (${one}|${other}) / ${CT_SLICES}$`);
}

/**
 * How many renderers the windows of Cornerstone's engine have; each holds the volume that it draws.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<number>}
 */
function countRenderers(page) {
  return page.evaluate(() => {
    const { renderingEngine: engine } = Reflect.get(globalThis, 'demo');
    const scenes = engine
      .getViewports()
      .map((/** @type {{ id: string }} */ { id }) =>
        engine.getOffscreenMultiRenderWindow(id)?.getOpenGLRenderWindow().getRenderable(),
      )
      .filter(Boolean);
    return [...new Set(scenes)].reduce(
      (sum, scene) => sum + scene.getRenderersByReference().length,
      0,
    );
  });
}
