import { isSparse } from '../../../src/volume/drawing/isSparse.js';

const COUNT = 100;

/** Slices that have pixels; all others are to come but those that have failed. */
function sparse(loaded: readonly number[], failed: readonly number[] = []): boolean {
  return isSparse(COUNT, {
    canLend: (sliceIndex) => loaded.includes(sliceIndex),
    isToCome: (sliceIndex) => !loaded.includes(sliceIndex) && !failed.includes(sliceIndex),
  });
}

const every = (step: number): number[] =>
  Array.from({ length: Math.ceil(COUNT / step) }, (_, index) => index * step);

describe('A volume is sparse', () => {
  it('until every fourth slice is there', () => {
    expect(sparse([])).toBeTrue();
    expect(sparse([50])).toBeTrue();
    expect(sparse(every(5))).toBeTrue();
    expect(sparse(every(4).slice(1)))
      .withContext('without the first')
      .toBeTrue();
    expect(sparse(every(4).slice(0, -1)))
      .withContext('without the last')
      .toBeTrue();
    expect(sparse(every(4))).toBeFalse();
  });

  it('not where the slices of a gap have failed, so that nothing is to come', () => {
    const range = Array.from({ length: 40 }, (_, index) => 10 + index);
    const others = Array.from({ length: COUNT }, (_, index) => index).filter(
      (index) => !range.includes(index),
    );
    expect(sparse(others, range)).toBeFalse();
    expect(sparse(others, range.slice(0, -1)))
      .withContext('one is to come')
      .toBeTrue();
  });

  it('not with fewer slices than one gap', () => {
    const facts = { canLend: () => false, isToCome: () => true };
    expect([isSparse(3, facts), isSparse(4, facts), isSparse(0, facts)]).toEqual([
      false,
      true,
      false,
    ]);
  });
});
