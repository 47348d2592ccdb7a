import type { Choice } from '../../../demo/src/choice.js';
import { overlayChoices } from '../../../demo/src/fusion/overlayChoices.js';

describe('overlayChoices', () => {
  const ct = choice('CT');

  it('offers the series in the same coordinates, PET first', () => {
    const [dose, pet, mr] = [choice('RTDOSE'), choice('PT'), choice('MR')];

    expect(overlayChoices(ct, [ct, mr, dose, pet])).toEqual([pet, dose, mr]);
  });

  it('leaves out other coordinates, other patients, time points and images without a volume', () => {
    const others = [
      choice('PT', { frameOfReferenceUID: '2.2' }),
      choice('PT', { frameOfReferenceUID: undefined }),
      choice('PT', { patient: 'Another' }),
      choice('PT', { timePointCount: 4 }),
      choice('PT', { isRest: true }),
    ];

    expect(overlayChoices(ct, [ct, ...others])).toEqual([]);
  });

  it('offers none over a series whose coordinates are unknown, and over time points', () => {
    const pet = choice('PT');

    expect(overlayChoices(undefined, [pet])).toEqual([]);
    const unknown = { frameOfReferenceUID: undefined };
    expect(overlayChoices(choice('CT', unknown), [choice('PT', unknown)])).toEqual([]);
    expect(overlayChoices(choice('CT', { timePointCount: 3 }), [pet])).toEqual([]);
    expect(overlayChoices(choice('CT', { isRest: true }), [pet])).toEqual([]);
  });
});

function choice(modality: string, differences: Partial<Choice> = {}): Choice {
  return {
    name: modality,
    patient: 'Phantom',
    study: 'Chest',
    description: modality,
    modality,
    imageCount: 1,
    timePointCount: 1,
    frameOfReferenceUID: '1.1',
    isRest: false,
    isLocal: false,
    open: () => Promise.reject(new Error('Not to be opened')),
    ...differences,
  };
}
