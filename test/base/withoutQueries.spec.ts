import { StreamingVolumeError } from '../../src/index.js';
import { quotable, withoutBlanks, withoutQueries } from '../../src/base/withoutQueries.js';

describe('A text without queries', () => {
  for (const [text, expected] of [
    ['It failed (wadors:https://a/frames/1?token=x)', 'It failed (wadors:https://a/frames/1)'],
    ['at https://a/b?x=(1)&t=s: no', 'at https://a/b: no'],
    ['of wadouri:/a.dcm?t=s&frame=12, and', 'of wadouri:/a.dcm frame 12, and'],
    ['dicomfile:3?frame=2 failed', 'dicomfile:3 frame 2 failed'],
    ['https://eva:pass@host/a and //eva@host/a', 'https://host/a and //host/a'],
    ['(https://a/b#id_token=x) https://c/?d=e#f', '(https://a/b) https://c/'],
    ['"https://a/?x?y=z" is it? No', '"https://a/" is it? No'],
    ['at https://eva:p@ssword@host/a@b', 'at https://host/a@b'],
    ['a@b.c wrote 3 frames', 'a@b.c wrote 3 frames'],
  ] as const) {
    it(`of "${text}" is "${expected}"`, () => {
      expect(withoutQueries(text)).toBe(expected);
    });
  }

  it('has nothing left of an imageId with blanks in its query', () => {
    const imageId = 'wadouri:/a.dcm?name=Doe Jane&frame=2';
    const message = `The request failed (${imageId})`;
    const error = new StreamingVolumeError('frame-fetch', message, { imageIds: [imageId] });
    expect(error.message).toBe(
      'The request failed (wadouri:/a.dcm frame 2) [docs/troubleshooting.md#frame-fetch]',
    );
    expect(error.stack).not.toContain('Jane');
    expect(error.imageIds).toEqual([imageId]);
  });

  it('has nothing left of another address whose blanks are taken out', () => {
    const uri = 'http://[/?name=Doe Jane\tof Rome';
    expect(withoutQueries(`at ${withoutBlanks(uri)}, which is none`)).toBe(
      'at http://[/, which is none',
    );
  });

  it('takes time that grows with its length, whatever punctuation it has', () => {
    // Tens of seconds where each mark is looked at for each other one.
    const text = `at http://a/?a${'.'.repeat(200_000)}b`;
    const start = performance.now();
    expect(withoutQueries(text)).toBe('at http://a/');
    expect(performance.now() - start).toBeLessThan(3000);
  });

  it('quotes the beginning of a long text of a server', () => {
    expect(quotable('text/html')).toBe('text/html');
    expect(quotable('x'.repeat(1000))).toBe(`${'x'.repeat(200)}...`);
  });
});
