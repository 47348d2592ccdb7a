import { wadouri } from '@cornerstonejs/dicom-image-loader';
import { prefetchMetadata } from '../../../src/index.js';
import { startCornerstone, stopCornerstone } from '../../support/cornerstone.js';
import { encodePart10 } from '../../support/encodePart10.js';
import { errorOf } from '../../support/errorOf.js';
import { karmaFixtures } from '../../support/karmaFixtures.js';
import { giveAnswers, resetServer, seenRequests } from '../../support/serverControls.js';

const origin = String(karmaFixtures['origin']);
let files = 0;
/** A file of its own for each spec: headers are kept. */
function newPath(): string {
  files += 1;
  return `/header-${files}.dcm`;
}

const PIXELS = { tag: 0x7fe00010, vr: 'OW', value: [1, 2] } as const;

function withHeaderOf(byteLength: number): Promise<Uint8Array<ArrayBuffer>> {
  const long = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(byteLength) } as const;
  return encodePart10([long, PIXELS], 'explicit');
}

async function codesFor(imageId: string): Promise<string[]> {
  const { errors } = await errorOf(prefetchMetadata([imageId], { retries: 0 }));
  return errors.map(({ code }) => code);
}

describe('The header of a file', () => {
  beforeEach(async () => {
    await resetServer();
  });

  afterEach(async () => {
    await resetServer();
    stopCornerstone();
  });

  for (const [name, ranges, byteLength, headerBytes] of [
    ['comes with the whole file', false, 300_000, 100_000],
    ['is in the first piece', true, 30_000, 1000],
    ['ends in the last piece', true, 90_000, 80_000],
  ] as const) {
    it(`is not longer than headerBytes where it ${name}`, async () => {
      startCornerstone({ limits: { headerBytes } });
      const body = await withHeaderOf(byteLength);
      const path = newPath();
      await giveAnswers([{ path, headers: {}, body, ranges }]);
      expect(await codesFor(`wadouri:${origin}${path}`)).toEqual(['limit-exceeded']);
    });
  }

  it('may be as long as headerBytes', async () => {
    startCornerstone({ limits: { headerBytes: 100_000 } });
    const body = await withHeaderOf(99_000);
    const path = newPath();
    await giveAnswers([{ path, headers: {}, body, ranges: true }]);
    await expectAsync(prefetchMetadata([`wadouri:${origin}${path}`])).toBeResolved();
  });

  it('of many short elements is read in pieces that double', async () => {
    startCornerstone();
    const element = [0x20, 0, 0, 0x40, 0x4c, 0x54, 0, 0];
    const elements = new Uint8Array(8 * 2 ** 17);
    for (let at = 0; at < elements.length; at += element.length) {
      elements.set(element, at);
    }
    // With two bytes more, no piece ends between two elements.
    const odd = Uint8Array.from([0x20, 0, 0, 0x40, 0x4c, 0x54, 2, 0, 0x20, 0x20]);
    const empty = await encodePart10([], 'explicit');
    const pixels = (await encodePart10([PIXELS], 'explicit')).slice(empty.length);
    const file = new File([empty, odd, elements, pixels], 'many.dcm');
    const ends = spyOn(file, 'slice').and.callThrough();
    await prefetchMetadata([wadouri.fileManager.add(file)]);
    expect(ends.calls.count()).toBeLessThanOrEqual(6);
    const parsed = ends.calls
      .allArgs()
      .reduce((sum, [, end]) => sum + Math.min(end as number, file.size), 0);
    expect(parsed).toBeLessThan(3.2 * file.size);
  });

  it('is not taken from a range with more bytes than were asked for', async () => {
    startCornerstone();
    const body = new Uint8Array(70_000);
    body.set(await encodePart10([PIXELS], 'explicit'));
    const headers = { 'Content-Range': 'bytes 0-69999/70000' };
    const path = newPath();
    await giveAnswers([{ path, status: 206, headers, body }]);
    // Of another origin, which is asked for no ranges from then on.
    const other = origin.replace('//127.0.0.1', '//ranges.localhost');
    await prefetchMetadata([`wadouri:${other}${path}`]);
    expect((await seenRequests()).length).toBe(2);
  });

  it('is refused by the bytes that come where the length is that of the compressed file', async () => {
    startCornerstone({ limits: { fileBytes: 10_000 } });
    const pixels = { ...PIXELS, value: new Uint8Array(300_000) };
    const plain = new Blob([await encodePart10([pixels], 'explicit')]).stream();
    const gzip = new Response(plain.pipeThrough(new CompressionStream('gzip')));
    const body = new Uint8Array(await gzip.arrayBuffer());
    const headers = { 'Content-Encoding': 'gzip' };
    const path = newPath();
    await giveAnswers([{ path, headers, body }]);
    expect(await codesFor(`wadouri:${origin}${path}`)).toEqual(['limit-exceeded']);
  });
});
