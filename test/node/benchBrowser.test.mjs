import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { launchBrowser } from '../../bench/browser/launchBrowser.mjs';
import { startChromium } from '../../bench/browser/startChromium.mjs';
import { findRendererProcess, traceTasks } from '../../bench/observers/traceTasks.mjs';
import { chromiumFlags } from '../../scripts/chromiumFlags.mjs';
import { findChromium } from '../../scripts/findChromium.mjs';

/** @typedef {import('../../bench/browser/BrowserPage.mjs').BrowserPage} BrowserPage */

/** @type {Record<string, [type: string, body: string]>} */
const FILES = {
  '/': ['text/html', '<!doctype html><script src="main.js"></script>'],
  '/main.js': ['text/javascript', 'globalThis.answer = 42'],
  '/worker.js': ['text/javascript', 'console.error("the worker complains")'],
};

/** @type {string} */
let executablePath;
/** @type {import('../../bench/browser/launchBrowser.mjs').Browser} */
let browser;
/** @type {string} */
let url;
const server = createServer((request, response) => {
  const [type, body] = FILES[request.url ?? ''] ?? [];
  response.writeHead(type ? 200 : 404, { 'Content-Type': type ?? 'text/plain' }).end(body);
});

before(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  url = `http://127.0.0.1:${port}/`;
  executablePath = await findChromium();
  browser = await launchBrowser(executablePath);
});

after(async () => {
  await browser?.close();
  server.closeAllConnections();
  server.close();
});

/** @param {(page: BrowserPage) => Promise<void>} use */
async function onPage(use) {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await use(page);
  } finally {
    await page.close();
  }
}

describe('a page of the measurements', () => {
  test('gives values and what promises come to, when its scripts have run', () =>
    onPage(async (page) => {
      assert.equal(await page.evaluate('answer'), 42);
      assert.deepEqual(await page.evaluate('Promise.resolve({ ms: [1, 2.5] })'), { ms: [1, 2.5] });
      assert.equal(await page.evaluate('undefined'), undefined);
    }));

  test('rejects with the message of the page', () =>
    onPage(async (page) => {
      const message = 'TypeError: not\nso';
      await assert.rejects(page.evaluate('(() => { throw new TypeError("not\\nso") })()'), {
        message,
      });
      await assert.rejects(page.evaluate('Promise.reject(new TypeError("not\\nso"))'), { message });
      await assert.rejects(page.evaluate('Promise.reject("a text")'), { message: 'a text' });
    }));

  test('is seen by the user, and nothing in it is slowed down', () =>
    onPage(async (page) => {
      assert.equal(await page.evaluate('document.visibilityState'), 'visible');
      assert.equal(await page.evaluate('new Promise(requestAnimationFrame).then(() => 1)'), 1);
    }));

  test('hears complaints of the page, of the browser and of workers', { timeout: 60_000 }, () =>
    onPage(async (page) => {
      await page.evaluate(
        'console.log("no complaint"); console.error("wrong:", new Error("x"), 1)',
      );
      await page.evaluate('void setTimeout(() => { throw new RangeError("uncaught") })');
      await page.evaluate('void Promise.reject(new Error("unhandled"))');
      await page.evaluate('fetch("missing").then(() => undefined)');
      await page.evaluate('void (globalThis.worker = new Worker("worker.js"))');
      const wanted = [
        /^wrong: Error: x 1$/m,
        /^RangeError: uncaught$/m,
        /^Error: unhandled$/m,
        /404/,
        /^the worker complains$/m,
      ];
      // Not by their number: the browser may complain of more, as of an icon that is not there.
      const heard = (/** @type {RegExp} */ each) => each.test(page.complaints.join('\n'));
      while (!wanted.every(heard)) await wait(10);
    }),
  );

  test('has a profile of its own', async () => {
    const read = 'localStorage.getItem("left")';
    await onPage(async (page) => {
      await page.evaluate('localStorage.setItem("left", "here")');
      assert.equal(await page.evaluate(read), 'here');
    });
    await onPage(async (page) => assert.equal(await page.evaluate(read), null));
  });

  test('says when an address does not answer', async () => {
    const page = await browser.newPage();
    await assert.rejects(page.goto('http://127.0.0.1:1/'), /cannot be opened: net::ERR_/);
    await page.close();
  });

  test('fails at once when it crashes, and the browser goes on', async () => {
    await onPage(async (page) => {
      const waiting = assert.rejects(page.evaluate('new Promise(() => {})'), {
        message: 'The page crashed',
      });
      await assert.rejects(page.send('Page.crash'), { message: 'The page crashed' });
      await waiting;
      await assert.rejects(page.evaluate('1'), { message: 'The page crashed' });
    });
    assert.ok(browser.isConnected());
    await onPage(async (page) => assert.equal(await page.evaluate('answer'), 42));
  });

  test('tells its process', () =>
    onPage(async (page) => {
      const pid = await findRendererProcess(page);
      await assert.rejects(page.send('Page.crash'));
      // Signal 0 only asks whether the process is there.
      await assert.rejects(
        async () => {
          for (;;) await wait(10, process.kill(pid, 0));
        },
        { code: 'ESRCH' },
      );
    }));

  test('tells the tasks of its main thread', () =>
    onPage(async (page) => {
      const stopTracing = await traceTasks(page);
      await page.evaluate(`new Promise((resolve) => {
        setTimeout(() => {
          const end = performance.now() + 50;
          while (performance.now() < end);
          // The trace has only tasks that have ended.
          setTimeout(resolve);
        });
      })`);
      const longest = Math.max(...(await stopTracing()));
      assert.ok(longest >= 50, `the longest is ${longest} ms`);
    }));
});

describe('the browser of the measurements', () => {
  test('is missed when it crashes, and can be closed all the same', async () => {
    const other = await launchBrowser(executablePath);
    const page = await other.newPage();
    await assert.rejects(page.send('Browser.crash'));
    await assert.rejects(page.evaluate('1'), { message: 'The browser crashed' });
    assert.equal(other.isConnected(), false);
    await page.close();
    await other.close();
  });

  test('says why it cannot be started', async () => {
    await assert.rejects(
      startChromium(process.execPath, ['--no-such-flag']),
      /cannot be driven: It/,
    );
    await assert.rejects(startChromium('/no/such/browser', []), /cannot be driven: .*ENOENT/);
  });

  test('is given up when it takes too long', async () => {
    await assert.rejects(startChromium(executablePath, chromiumFlags(), { limitMs: 1 }), {
      message: /cannot be driven: Not done after 0.001 s/,
    });
  });

  test('leaves nothing behind', async () => {
    const { TMPDIR } = process.env;
    const folder = await mkdtemp(path.join(tmpdir(), 'bench-browser-test-'));
    process.env.TMPDIR = folder;
    try {
      const other = await launchBrowser(executablePath);
      assert.equal((await readdir(folder)).length > 0, tmpdir() === folder);
      await other.close();
      assert.deepEqual(await readdir(folder), []);
    } finally {
      if (TMPDIR === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = TMPDIR;
      await rm(folder, { recursive: true, force: true });
    }
  });
});
