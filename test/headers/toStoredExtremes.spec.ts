import { toStoredExtremes } from '../../src/headers/readScaling.js';

describe('The extremes that a header says', () => {
  const module = (
    smallestPixelValue: unknown,
    largestPixelValue: unknown,
    bitsStored = 16,
    pixelRepresentation = 0,
  ) => ({ bitsStored, pixelRepresentation, smallestPixelValue, largestPixelValue });

  it('are those of stored values', () => {
    expect(toStoredExtremes(module(3, 4000))).toEqual({ min: 3, max: 4000 });
    expect(toStoredExtremes(module(7, 7))).toEqual({ min: 7, max: 7 });
    expect(toStoredExtremes(module(-1024, 3071, 16, 1))).toEqual({ min: -1024, max: 3071 });
  });

  it('are signed where the pixels are, also when a provider has read them otherwise', () => {
    expect(toStoredExtremes(module(0xffff - 1023, 3071, 16, 1))).toEqual({ min: -1024, max: 3071 });
    expect(toStoredExtremes(module(0x8000, 0xffff, 16, 1))).toEqual({ min: -32768, max: -1 });
    expect(toStoredExtremes(module(0x8000, 0xffff))).toEqual({ min: 0x8000, max: 0xffff });
  });

  it('are none where they are missing or cannot be right', () => {
    for (const said of [
      module(undefined, 5),
      module(5, undefined),
      module('', ''),
      module(0, 0),
      module(5, 4),
      module(0, 4096, 12),
      module(-1, 5),
      module(-2049, 5, 12, 1),
      module(0, 70000),
      module(0, 5, 32),
    ]) {
      expect(toStoredExtremes(said)).toBeUndefined();
    }
  });
});
