import { StandIns } from '../../../src/volume/texture/StandIns.js';

/** One character a slice: `L` lends, `.` is to come, `x` is neither. */
function lendersOf(slices: string): (number | undefined)[] {
  return [
    ...new StandIns(slices.length, {
      version: 0,
      isToCome: (slice) => slices[slice] === '.',
      canLend: (slice) => slices[slice] === 'L',
    }).lenders,
  ];
}

const none = undefined;

describe('StandIns', () => {
  it('are the nearest slices with pixels, the lower one of two', () => {
    expect(lendersOf('..L...L.')).toEqual([2, 2, none, 2, 2, 6, none, 6]);
  });

  it('are not there without a slice with pixels, and for slices that are not to come', () => {
    expect(lendersOf('....')).toEqual([none, none, none, none]);
    expect(lendersOf('x.Lx.')).toEqual([none, 2, none, none, 2]);
  });

  it('are found again only when the facts have changed', () => {
    const facts = {
      version: 0,
      isToCome: () => true,
      canLend: jasmine.createSpy('canLend').and.callFake((slice: number) => slice === 1),
    };
    const standIns = new StandIns(2, facts);
    expect(standIns.lenders).toEqual([1, none]);
    expect(standIns.lenders).toEqual([1, none]);
    expect(facts.canLend).toHaveBeenCalledTimes(2);
    facts.canLend.and.callFake((slice: number) => slice === 0);
    facts.version += 1;
    expect(standIns.lenders).toEqual([none, 0]);
  });
});
