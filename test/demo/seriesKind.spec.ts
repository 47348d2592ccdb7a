import { badgeText, kindText } from '../../demo/src/seriesKind.js';

const series = { modality: 'CT', imageCount: 220, isRest: false, timePointCount: 1 };

describe('kindText', () => {
  it('counts the images of a series of one volume', () => {
    expect(kindText(series)).toBe('220 images');
    expect(kindText({ ...series, imageCount: 1, isRest: true })).toBe('1 image, not a volume');
  });

  it('names PET and dose', () => {
    expect(kindText({ ...series, modality: 'PT', imageCount: 100 })).toBe('PET · 100 images');
    expect(kindText({ ...series, modality: 'RTDOSE', imageCount: 1 })).toBe('RT dose · 1 image');
  });

  it('says how many time points there are', () => {
    expect(kindText({ ...series, modality: 'MR', imageCount: 240, timePointCount: 12 })).toBe(
      '4D · 12 time points',
    );
  });
});

describe('badgeText', () => {
  it('has at most four letters', () => {
    expect(['CT', 'PT', 'RTDOSE', 'RTSTRUCT', ''].map(badgeText)).toEqual([
      'CT',
      'PET',
      'RD',
      'RTST',
      'OT',
    ]);
  });
});
