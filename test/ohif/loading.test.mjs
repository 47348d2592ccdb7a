import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { writeCtStudy } from '../../scripts/ohif/writeStudies.mjs';
import { saveScreenshot } from './saveScreenshot.mjs';
import { startRun } from './startRun.mjs';

const SLICES = 60;
const FRAMES = '/frames/';
const ALL_HELD = [{ match: FRAMES, hold: true }];

describe('OHIF, loading a CT', () => {
  /** @type {import('./startRun.mjs').Run} */
  let run;
  /** @type {string} */
  let path;

  before(async () => {
    run = await startRun(async (folder) => {
      const { studyUID } = await writeCtStudy(folder, { slices: SLICES, size: 128 });
      path = `/viewer?StudyInstanceUIDs=${studyUID}&hangingProtocolId=mpr`;
    });
  });
  after(() => run?.close());

  /**
   * @param {import('./startRun.mjs').OpenOptions} options
   * @param {(viewer: import('./Viewer.mjs').Viewer) => Promise<void>} use
   */
  async function inViewer(options, use) {
    const viewer = await run.open(path, options);
    try {
      await use(viewer);
    } finally {
      run.server.setToken(undefined);
      await viewer.close();
    }
  }

  it('fetches frames in workers, with the hooks of OHIF', async () => {
    await inViewer({}, async (viewer) => {
      const [ct] = await viewer.untilLoaded(1);
      const { framesOfPage, frameWorkersStarted } = await viewer.spies();
      assert.equal(viewer.frameRequests().size, SLICES);
      assert.ok(frameWorkersStarted > 0, 'no frame worker was started');
      // The thumbnail of the series is an Image, which the page loads itself.
      assert.ok(
        framesOfPage.length <= 1,
        `the page itself requested ${framesOfPage.length} frames`,
      );
      assert.equal(ct?.transport, 'worker');
    });
  });

  it('goes on with a token that is renewed in the middle', async () => {
    const { server } = run;
    server.setToken('first');
    const site = { token: 'first', options: { authRetryDelayMs: 2000 } };
    await inViewer({ site, faults: ALL_HELD }, async (viewer) => {
      let released = 0;
      while (released < SLICES / 3) {
        released += server.controls.release({ count: 1 });
        await wait(10);
      }
      await viewer.until('tools.volumes()[0]?.framesLoaded > 10');
      server.setToken('second');
      server.controls.setFaults([]);
      server.controls.release();
      while (!server.requests.entries.some(({ status }) => status === 401)) await wait(10);
      await viewer.page.evaluate(() => {
        Reflect.get(globalThis, 'ohifTest').token = 'second';
      });
      const [ct] = await viewer.untilLoaded(1);
      assert.equal(ct?.framesLoaded, SLICES);
      assert.equal(ct.failed, 0);
      const refused = server.requests.entries.filter(({ status }) => status === 401);
      assert.ok(refused.length < SLICES / 2, `${refused.length} requests with the old token`);
    });
  });

  it('shows how far it is, and leaves nothing when the mode is left', async () => {
    const { server } = run;
    await inViewer({ faults: ALL_HELD }, async (viewer) => {
      await viewer.until('tools.volumes().length === 1');
      let released = 0;
      while (released < SLICES / 2) {
        released += server.controls.release({ count: 1 });
        await wait(10);
      }
      await viewer.until('tools.overlays().length === 3');
      for (const text of await viewer.call('overlays')) {
        assert.match(text, new RegExp(`^Loading [1-9]\\d* of ${SLICES}$`));
      }
      const place = await viewer.call('placeOf', 'mpr-coronal');
      await saveScreenshot(viewer.page, 'ohif-overlay.png', place);
      await viewer.page.click('[data-cy="return-to-work-list"]');
      await viewer.until("location.pathname === '/'");
      await viewer.page.getByText('Phantom, Computed').first().waitFor();
      await viewer.until(
        'tools.leftovers().inFlight === 0 && tools.leftovers().frameWorkers === 0',
      );
      assert.deepEqual(await viewer.call('leftovers'), {
        queued: 0,
        inFlight: 0,
        volumes: 0,
        overlays: 0,
        frameWorkers: 0,
        isRegistered: false,
      });
      const requested = server.requests.count(FRAMES);
      assert.ok(requested < SLICES, `${requested} frames were requested`);
      server.controls.setFaults([]);
      server.controls.release();
      await viewer.page.goBack();
      const [ct] = await viewer.untilLoaded(1);
      assert.ok(ct?.isOurs);
      assert.equal(ct.framesLoaded, SLICES);
      await viewer.until('tools.overlays().length === 0');
    });
  });

  it('tells of a failed frame once, and loads it when a button is pressed', async () => {
    const { server } = run;
    const failing = '\\.10/frames/';
    const told = `1 of ${SLICES} images failed`;
    await inViewer({ faults: [{ match: failing, status: 404 }] }, async (viewer) => {
      /** @param {number} viewports */
      const untilShownOn = (viewports) =>
        viewer.until(
          `tools.overlays().join() === Array(${viewports}).fill('${told} Retry').join()`,
        );
      await viewer.until('test.notifications.length > 0');
      await untilShownOn(3);
      // OHIF sets up viewports at each of them, and calls load() of their volumes.
      await viewer.runCommand('toggleOneUp');
      await untilShownOn(1);
      await viewer.runCommand('toggleOneUp');
      await untilShownOn(3);
      await viewer.runCommand('setHangingProtocol', { protocolId: 'default' });
      await untilShownOn(0);
      await viewer.runCommand('setHangingProtocol', { protocolId: 'mpr' });
      await untilShownOn(3);
      const notifications = await viewer.notifications();
      assert.equal(notifications.length, 1, notifications.join('\n'));
      assert.ok(
        notifications[0]?.startsWith(`${told}. The request of a frame failed`),
        notifications[0],
      );

      server.controls.setFaults([]);
      await viewer.page.click('.streaming-image-volume-overlay button');
      await viewer.untilLoaded(1);
      await untilShownOn(0);
    });
  });
});
