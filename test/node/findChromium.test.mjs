import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findChromium } from '../../scripts/findChromium.mjs';

/**
 * A Linux machine without root rights whose files and installers are given.
 *
 * @param {string[]} files
 * @param {Partial<import('../../scripts/findChromium.mjs').Machine>} [changes]
 */
function machineWith(files, changes) {
  return {
    platform: /** @type {const} */ ('linux'),
    env: { PATH: '/usr/local/bin:/usr/bin' },
    isRoot: false,
    exists: (/** @type {string} */ file) => files.includes(file),
    run: () => assert.fail('nothing may be run'),
    downloadChrome: () => assert.fail('nothing may be downloaded'),
    ...changes,
  };
}

describe('findChromium', () => {
  it('takes CHROME_BIN before anything that is installed', async () => {
    const env = { PATH: '/usr/bin', CHROME_BIN: '/opt/mine' };
    const machine = machineWith(['/usr/bin/chromium', '/opt/mine'], { env });
    assert.equal(await findChromium(machine), '/opt/mine');
  });

  it('does not go on in silence when CHROME_BIN is wrong', async () => {
    const env = { PATH: '/usr/bin', CHROME_BIN: '/opt/gone' };
    await assert.rejects(findChromium(machineWith(['/usr/bin/chromium'], { env })), /\/opt\/gone/);
  });

  it('prefers chromium over chrome on the PATH', async () => {
    const machine = machineWith(['/usr/local/bin/google-chrome', '/usr/bin/chromium']);
    assert.equal(await findChromium(machine), '/usr/bin/chromium');
  });

  it('finds the programs of macOS and Windows', async () => {
    const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    assert.equal(await findChromium(machineWith([mac], { platform: 'darwin' })), mac);

    const windows = 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe';
    const env = { PROGRAMFILES: 'C:\\Program Files' };
    assert.equal(await findChromium(machineWith([windows], { platform: 'win32', env })), windows);
  });

  it('installs with apt as root on Debian, after an update', async () => {
    const files = ['/usr/bin/apt-get'];
    /** @type {string[]} */
    const commands = [];
    const machine = machineWith(files, {
      isRoot: true,
      run: (command, args) => {
        commands.push(`${command} ${args[0]}`);
        if (args[0] === 'install') {
          files.push('/usr/bin/chromium');
        }
      },
    });
    assert.equal(await findChromium(machine), '/usr/bin/chromium');
    assert.deepEqual(commands, ['apt-get update', 'apt-get install']);
  });

  it('downloads without root rights, or where apt fails', async () => {
    const downloadChrome = async () => '/cache/chrome';
    const plain = machineWith(['/usr/bin/apt-get'], { downloadChrome });
    assert.equal(await findChromium(plain), '/cache/chrome');

    const broken = machineWith(['/usr/bin/apt-get'], {
      downloadChrome,
      isRoot: true,
      run: () => {
        throw new Error('no network');
      },
    });
    assert.equal(await findChromium(broken), '/cache/chrome');
  });

  it('says in one line what to do when no browser is found and none can be installed', async () => {
    const machine = machineWith([], {
      downloadChrome: () => Promise.reject(new Error('no network\nat somewhere')),
    });
    await assert.rejects(findChromium(machine), (error) => {
      assert(error instanceof Error);
      assert.match(error.message, /set CHROME_BIN/);
      assert.match(error.message, /no network/);
      assert.equal(error.message.includes('\n'), false);
      return true;
    });
  });
});
