import { expandSegments } from '../../../src/headers/color/expandSegments.js';

/** A list that counts how often its entries are read. */
function countedReads(values: readonly number[]): { list: number[]; reads: () => number } {
  let reads = 0;
  const list = new Proxy([...values], {
    get(target, name, receiver) {
      reads += typeof name === 'string' && /^\d/.test(name) ? 1 : 0;
      return Reflect.get(target, name, receiver) as unknown;
    },
  });
  return { list, reads: () => reads };
}

describe('The segments of a palette', () => {
  for (const [name, words] of [
    ['discrete', [0, 5, 1, 2, 3, 4, 5]],
    ['linear', [0, 1, 1, 1, 9, 9]],
  ] as const) {
    it(`give no entry where a ${name} one is longer than the palette`, () => {
      expect(expandSegments({ entryCount: 4, bitsPerEntry: 16, data: words })).toMatch(
        /segment of a palette/,
      );
    });
  }

  it('may be copied one by one, and may have no entry where they are not copied', () => {
    // An empty segment, the entries 5 and 6, a line up to 8 in two steps, and once more these two segments.
    const data = [0, 0, 0, 2, 5, 6, 1, 2, 8, 2, 2, 4, 0];
    expect(expandSegments({ entryCount: 8, bitsPerEntry: 16, data })).toEqual([
      5, 6, 7, 8, 5, 6, 7, 8,
    ]);
  });

  it('are read in time that grows with their number, also where indirect ones copy empty ones', () => {
    const copies = 200;
    const empty = 2000;
    const first = [0, 1, 5];
    const indirect = [2, empty, 2 * first.length, 0];
    const words = [
      ...first,
      ...Array.from({ length: empty }, () => [0, 0]).flat(),
      ...Array.from({ length: copies }, () => indirect).flat(),
    ];
    const { list, reads } = countedReads(words);
    expect(expandSegments({ entryCount: 256, bitsPerEntry: 16, data: list })).toMatch(
      /without entries/,
    );
    expect(reads()).toBeLessThan(10 * words.length);
  });
});
