import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VIEWPORTS } from './DemoPage.mjs';
import { findCutTexts, findFaintTexts } from './readability.mjs';
import { CT_SLICES, startDemo } from './startDemo.mjs';

const PHONE = { width: 390, height: 844 };
const FAILED = 3;

/** The controls that are outside of the window, or whose text is; a row that scrolls by itself may have more than fits. */
const CUT_CONTROLS = `[...document.querySelectorAll('button, select')]
  .filter((element) => element.checkVisibility() && !element.closest('.series-list, .segments'))
  .filter((element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < 0 || right > innerWidth || element.scrollWidth > element.clientWidth + 1;
  })
  .map(({ id, textContent }) => id || textContent)`;

describe('the demo', () => {
  /** @type {import('./startDemo.mjs').Demo} */
  let demo;

  before(async () => {
    demo = await startDemo();
  });
  after(() => demo?.close());

  it('has one column on a phone, with all viewports drawn', async () => {
    const viewer = await demo.open({ size: PHONE });
    await viewer.untilLoaded();
    assert.equal(await viewer.page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
    const cut = await viewer.page.evaluate(CUT_CONTROLS);
    assert.deepEqual(cut, []);
    assert.deepEqual(await findCutTexts(viewer.page), []);
    for (const viewport of VIEWPORTS) {
      await viewer.untilPicture(viewport, ({ drawn, shades }) => drawn > 0.1 && shades > 16);
    }
    assert.deepEqual(viewer.messages, []);
    await viewer.close();
  });

  describe('on a desktop with a light theme', () => {
    /** @type {import('./DemoPage.mjs').DemoPage} */
    let viewer;

    before(async () => {
      demo.server.controls.setFaults([{ match: '/frames/', status: 404, times: FAILED }]);
      viewer = await demo.open({ theme: 'light' });
    });
    after(() => viewer?.close());

    it('lists failed frames, marks them in the strip, and tries them again', async () => {
      await viewer.untilText('#load-state', new RegExp(`^${FAILED} failed$`));
      assert.equal(await viewer.page.locator('#failed-rows tr').count(), FAILED);
      const list = await viewer.page.locator('#failed-frames').boundingBox();
      assert.ok(list && list.y + list.height < 900, `It ends at ${list && list.y + list.height}`);
      assert.match(await viewer.text('#failed-rows tr:first-child'), /^Slice \d+.*404.*1 attempt$/);
      const marked = await viewer.look('#frame-strip .cells');
      assert.ok(marked.red > (0.3 * FAILED) / CT_SLICES, `${marked.red}`);
      assert.deepEqual(await findFaintTexts(viewer.page), []);
      assert.deepEqual(await findCutTexts(viewer.page), []);
      await viewer.page.getByRole('button', { name: 'Retry failed' }).click();
      await viewer.untilLoaded();
      await viewer.page.locator('#failed-frames').waitFor({ state: 'hidden' });
      assert.ok((await viewer.look('#frame-strip .cells')).red < 0.005);
    });

    it('follows the theme of the system, readable in both, and keeps pictures on black', async () => {
      for (const theme of /** @type {const} */ (['light', 'dark'])) {
        await viewer.page.emulateMedia({ colorScheme: theme });
        for (const part of ['.sidebar', '.top-bar']) {
          const { brightness } = await viewer.look(part);
          const isRight = theme === 'dark' ? brightness < 60 : brightness > 200;
          assert.ok(isRight, `${part}, ${theme}: ${brightness}`);
        }
        const axial = await viewer.untilPicture('axial', ({ drawn }) => drawn > 0.1);
        assert.ok(axial.brightness < 200);
        assert.deepEqual(await findFaintTexts(viewer.page), [], theme);
      }
    });

    it('writes nothing to the console but the failed requests', () => {
      assert.deepEqual(
        viewer.messages.filter((message) => !message.includes('404')),
        [],
      );
    });
  });

  it('opens the series of a link', async () => {
    const series = await fetchSeriesUID(demo.server.dicomWebRoot, 'PT');
    const viewer = await demo.open({ query: `?series=${series}` });
    await viewer.untilLoaded();
    assert.match(await viewer.text('#series-list [aria-current="true"] .modality'), /PET/);
    await viewer.untilPicture('axial', ({ drawn }) => drawn > 0.02);
    assert.deepEqual(viewer.messages, []);
    await viewer.close();
  });

  it('says so where the link names no series', async () => {
    const viewer = await demo.open({ query: '?series=1.2.3' });
    await viewer.untilText('#error-message', /has no series 1\.2\.3/);
    await viewer.close();
  });

  it('lists and loads series without WebGL 2, and says in words what is missing', async () => {
    const viewer = await demo.open({ hasWebGL: false });
    await viewer.page.locator('#series-list button').first().click();
    await viewer.untilLoaded();
    assert.match(await viewer.text('#not-drawn'), /no WebGL 2/);
    assert.ok(await viewer.page.locator('#not-drawn').isVisible());
    assert.equal(await viewer.page.locator('#planes').isVisible(), false);
    assert.equal(await viewer.page.locator('#error-banner').isVisible(), false);
    assert.deepEqual(viewer.messages, []);
    await viewer.close();
  });
});

/**
 * @param {string} root
 * @param {string} modality
 * @returns {Promise<string>}
 */
async function fetchSeriesUID(root, modality) {
  const answer = await fetch(`${root}/series?Modality=${modality}`);
  const [series] = /** @type {any[]} */ (await answer.json());
  return series['0020000E'].Value[0];
}
