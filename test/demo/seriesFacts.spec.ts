import { readSeriesFacts } from '../../demo/src/seriesFacts.js';

describe('readSeriesFacts', () => {
  it('reads frame of reference and time points of each series', () => {
    const facts = readSeriesFacts([
      {
        '0020000E': { vr: 'UI', Value: ['1.1'] },
        '00200052': { vr: 'UI', Value: ['9.9'] },
        '00200105': { vr: 'IS', Value: [12] },
      },
      { '0020000E': { vr: 'UI', Value: ['1.2'] } },
    ]);

    expect(facts.get('1.1')).toEqual({ frameOfReferenceUID: '9.9', timePointCount: 12 });
    expect(facts.get('1.2')).toEqual({ frameOfReferenceUID: undefined, timePointCount: 1 });
  });

  it('takes a number of time points that cannot be one for unknown', () => {
    const counts = [0, -3, 2.5, 'many'].map((value) => {
      const facts = readSeriesFacts([
        { '0020000E': { Value: ['1'] }, '00200105': { Value: [value] } },
      ]);
      return facts.get('1')?.timePointCount;
    });

    expect(counts).toEqual([1, 1, 1, 1]);
  });

  it('is empty for an answer that is no list', () => {
    expect(readSeriesFacts({ error: 'none' }).size).toBe(0);
  });
});
