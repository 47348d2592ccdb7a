import { colorTable, overlayStyle } from '../../../demo/src/fusion/overlayStyle.js';

describe('overlayStyle', () => {
  it('shows SUV in a fixed range, so that the same colour is the same uptake', () => {
    expect(overlayStyle('PT', 'SUV', 12)).toEqual(overlayStyle('PT', 'SUV', 30));
    expect(overlayStyle('PT', 'SUV', 12).range).toEqual({ lower: 0, upper: 8 });
  });

  it('follows the highest value of other units', () => {
    const { range, threshold } = overlayStyle('PT', 'Bq/ml', 40_000);

    expect(range).toEqual({ lower: 0, upper: 40_000 });
    expect(threshold).toBe(4000);
  });

  it('shows a dose up to its maximum, from a tenth of it', () => {
    const style = overlayStyle('RTDOSE', 'Gy', 60);

    expect(style.range).toEqual({ lower: 0, upper: 60 });
    expect(style.threshold).toBeCloseTo(6, 9);
    expect(style.colormap).not.toBe(overlayStyle('PT', 'SUV', 1).colormap);
  });
});

describe('colorTable', () => {
  it('begins and ends with the colours of the map, and is linear between its places', () => {
    const table = colorTable(overlayStyle('MR', '', 100), 5);

    expect([...table]).toEqual([0, 0, 0, 64, 64, 64, 128, 128, 128, 191, 191, 191, 255, 255, 255]);
  });

  it('has the first and the last colour of a map with several places', () => {
    const table = colorTable(overlayStyle('RTDOSE', 'Gy', 60), 64);

    expect([...table.subarray(0, 3)]).toEqual([31, 38, 191]);
    expect([...table.subarray(-3)]).toEqual([235, 31, 20]);
  });
});
