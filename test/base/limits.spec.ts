import { checkDataLimits } from '../../src/base/limits.js';

describe('Limits', () => {
  it('have no names of the prototype', () => {
    expect(() => {
      checkDataLimits({ constructor: 1 });
    }).toThrowError(TypeError, /constructor/);
  });
});
