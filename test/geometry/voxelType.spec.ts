import { isStreamingVolumeError } from '../../src/base/errors.js';
import {
  chooseVoxelType,
  numberOfComponents,
  planVoxelTypes,
  rescaledRange,
  storedRange,
} from '../../src/geometry/voxelType.js';
import type { FrameMetadata, VolumeDataType } from '../../src/base/types.js';
import { syntheticFrame, syntheticStack, withFrame } from '../support/syntheticFrames.js';

type Case = [bits: number, sign: 0 | 1, slope: number, intercept: number, type: VolumeDataType];

function frameOf([bitsStored, pixelRepresentation, slope, intercept]: Case): FrameMetadata {
  return syntheticFrame({ bitsStored, pixelRepresentation, rescale: { slope, intercept } });
}

describe('planVoxelTypes', () => {
  const likely: [...Case, widest: VolumeDataType][] = [
    // The most common CT.
    [16, 0, 1, -1024, 'Int16Array', 'Float32Array'],
    [16, 1, 1, -1024, 'Int16Array', 'Float32Array'],
    [16, 1, -1, 0, 'Int16Array', 'Float32Array'],
    [16, 0, 1, 1, 'Uint16Array', 'Float32Array'],
    [16, 0, 2, 0, 'Uint16Array', 'Float32Array'],
    [16, 0, 8, -1024, 'Int16Array', 'Float32Array'],
    // Values of 12 bits do not fit either.
    [16, 0, 16, -1024, 'Float32Array', 'Float32Array'],
    [16, 0, 1, -40000, 'Float32Array', 'Float32Array'],
    // What the headers allow fits.
    [8, 0, 1, 0, 'Uint8Array', 'Uint8Array'],
    [12, 0, 1, -1024, 'Int16Array', 'Int16Array'],
    [16, 0, 1, 0, 'Uint16Array', 'Uint16Array'],
    // Fractions, and more than 16 bits.
    [16, 0, 0.5, 0, 'Float32Array', 'Float32Array'],
    [16, 0, 1, -1024.5, 'Float32Array', 'Float32Array'],
    [32, 1, 1, 0, 'Float32Array', 'Float32Array'],
    [20, 0, 1, 0, 'Float32Array', 'Float32Array'],
  ];
  for (const [bits, sign, slope, intercept, initial, widest] of likely) {
    const stored = `${sign ? 'signed' : 'unsigned'} ${bits} bits`;
    it(`begins with ${initial} for ${stored} * ${slope} + ${intercept}, up to ${widest}`, () => {
      const frames = [frameOf([bits, sign, slope, intercept, initial])];
      expect(planVoxelTypes(frames)).toEqual({ initial, widest });
      expect(planVoxelTypes(frames, 'likely')).toEqual({ initial, widest });
      expect(planVoxelTypes(frames, 'headers')).toEqual({ initial: widest, widest });
    });
  }

  const ofExtremes = (min: number, max: number, intercept: number, bits = 16): FrameMetadata => ({
    ...frameOf([bits, 0, 1, intercept, 'Int16Array']),
    storedExtremes: { min, max },
  });

  it('begins with what all frames say of their extremes', () => {
    const both = (a: FrameMetadata, b: FrameMetadata) => planVoxelTypes([a, b]).initial;
    expect(both(ofExtremes(0, 3000, -1024), ofExtremes(24, 33791, -1024))).toBe('Int16Array');
    expect(both(ofExtremes(0, 3000, -1024), ofExtremes(24, 33792, -1024))).toBe('Float32Array');
    expect(both(ofExtremes(1024, 3000, -1024), ofExtremes(1024, 65535, -1024))).toBe('Uint16Array');
    expect(both(ofExtremes(0, 255, 0), ofExtremes(3, 4, 0))).toBe('Uint8Array');
    expect(both(ofExtremes(0, 255, 0, 12), ofExtremes(0, 256, 0, 12))).toBe('Uint16Array');
    // One that says nothing could have any value.
    const silent = frameOf([16, 0, 1, 0, 'Int16Array']);
    expect(both(ofExtremes(0, 255, 0), silent)).toBe('Uint16Array');
    expect(planVoxelTypes([ofExtremes(0, 255, 0)], 'headers').initial).toBe('Uint16Array');
  });

  it('is the type that is asked for, but for colour', () => {
    const frames = [frameOf([16, 0, 1, -1024, 'Int16Array'])];
    for (const type of ['Uint8Array', 'Int16Array', 'Float32Array'] as const) {
      expect(planVoxelTypes(frames, type)).toEqual({ initial: type, widest: type });
    }
    const colour = [syntheticFrame({ samplesPerPixel: 3 })];
    const bytes = { initial: 'Uint8Array', widest: 'Uint8Array' } as const;
    expect(planVoxelTypes(colour, 'Float32Array')).toEqual(bytes);
    expect(planVoxelTypes(colour)).toEqual(bytes);
  });

  it('refuses an integer type for fractions', () => {
    const frames = [frameOf([16, 0, 0.5, 0, 'Int16Array'])];
    expect(() => planVoxelTypes(frames, 'Int16Array')).toThrowMatching(
      (error) => isStreamingVolumeError(error, 'value-out-of-range') && error.imageIds.length === 1,
    );
    expect(planVoxelTypes(frames, 'Float32Array').initial).toBe('Float32Array');
    expect(() => planVoxelTypes([], 'likely')).toThrowError(TypeError);
  });
});

describe('chooseVoxelType', () => {
  const cases: Case[] = [
    [8, 0, 1, 0, 'Uint8Array'],
    [1, 0, 1, 0, 'Uint8Array'],
    [7, 0, 2, 1, 'Uint8Array'],
    [8, 0, 1, 1, 'Uint16Array'],
    [8, 1, 1, 0, 'Int16Array'],
    [8, 1, 1, 128, 'Uint8Array'],
    [8, 0, -1, 255, 'Uint8Array'],
    [8, 0, -1, 0, 'Int16Array'],
    [12, 0, 1, 0, 'Uint16Array'],
    [12, 0, 1, -1024, 'Int16Array'],
    [15, 0, 1, -1024, 'Int16Array'],
    [16, 0, 1, 0, 'Uint16Array'],
    [16, 0, 1, -32768, 'Int16Array'],
    [16, 0, 1, -32769, 'Float32Array'],
    [16, 1, 1, 0, 'Int16Array'],
    [16, 1, -1, 0, 'Float32Array'],
    [16, 1, -1, -1, 'Int16Array'],
    [16, 1, 1, 32768, 'Uint16Array'],
    [16, 0, 1, 1, 'Float32Array'],
    [32, 1, 1, 0, 'Float32Array'],
    [12, 0, 1, 0.5, 'Float32Array'],
    [8, 0, 0.25, 0, 'Float32Array'],
  ];
  for (const one of cases) {
    const [bits, sign, slope, intercept, type] = one;
    const stored = `${sign ? 'signed' : 'unsigned'} ${bits} bits`;
    it(`takes ${type} for ${stored} * ${slope} + ${intercept}`, () => {
      expect(chooseVoxelType([frameOf(one)])).toBe(type);
    });
  }

  it('D10: takes a type that holds 65000 - 1024 without a wrap', () => {
    const type = chooseVoxelType([frameOf([16, 0, 1, -1024, 'Float32Array'])]);
    expect(type).toBe('Float32Array');
    expect(new Float32Array([65000 - 1024])[0]).toBe(63976);
  });

  it('D10: takes a type that holds 8 bits * 0.5 - 100', () => {
    expect(chooseVoxelType([frameOf([8, 0, 0.5, -100, 'Float32Array'])])).toBe('Float32Array');
  });

  it('D23: sees a fractional slope on any one frame', () => {
    const stack = syntheticStack({ count: 9 });
    expect(chooseVoxelType(stack)).toBe('Int16Array');
    for (let index = 0; index < stack.length; index++) {
      const frames = withFrame(stack, index, { rescale: { slope: 0.5, intercept: -1024 } });
      expect(chooseVoxelType(frames)).toBe('Float32Array');
    }
  });

  it('joins the ranges of all frames', () => {
    const low = frameOf([8, 0, 1, -10, 'Int16Array']);
    const high = frameOf([16, 0, 1, 0, 'Uint16Array']);
    expect(chooseVoxelType([high, low])).toBe('Float32Array');
    expect(chooseVoxelType([high, high])).toBe('Uint16Array');
  });

  it('takes Uint8Array for colour', () => {
    expect(chooseVoxelType([syntheticFrame({ samplesPerPixel: 3 })])).toBe('Uint8Array');
    const palette = syntheticFrame({ photometricInterpretation: 'PALETTE COLOR', bitsStored: 16 });
    expect(chooseVoxelType([palette])).toBe('Uint8Array');
  });

  it('refuses what only floats hold when there are none, and names the frames', () => {
    const stack = withFrame(syntheticStack(), 3, { rescale: { slope: 0.5, intercept: 0 } });
    expect(chooseVoxelType(syntheticStack(), { allowFloat: false })).toBe('Int16Array');
    let caught: unknown;
    try {
      chooseVoxelType(stack, { allowFloat: false });
    } catch (error) {
      caught = error;
    }
    expect(isStreamingVolumeError(caught, 'value-out-of-range')).toBe(true);
    expect(isStreamingVolumeError(caught) && caught.imageIds).toEqual(['synthetic:3']);
  });

  it('refuses no frames', () => {
    expect(() => chooseVoxelType([])).toThrowError(TypeError);
  });
});

describe('ranges of a frame', () => {
  it('gives the stored values that the bits allow', () => {
    expect(storedRange(frameOf([12, 0, 1, 0, 'Uint16Array']))).toEqual({ min: 0, max: 4095 });
    expect(storedRange(frameOf([12, 1, 1, 0, 'Int16Array']))).toEqual({ min: -2048, max: 2047 });
  });

  it('turns the range round where the slope is negative', () => {
    expect(rescaledRange(frameOf([8, 0, -2, 10, 'Int16Array']))).toEqual({ min: -500, max: 10 });
    expect(rescaledRange(frameOf([8, 0, 2, -10, 'Int16Array']))).toEqual({ min: -10, max: 500 });
  });
});

describe('numberOfComponents', () => {
  it('is 3 for colour and palettes, else 1', () => {
    expect(numberOfComponents(syntheticFrame())).toBe(1);
    expect(numberOfComponents(syntheticFrame({ samplesPerPixel: 3 }))).toBe(3);
    expect(numberOfComponents(syntheticFrame({ samplesPerPixel: 4 }))).toBe(3);
    expect(numberOfComponents(syntheticFrame({ photometricInterpretation: 'PALETTE COLOR' }))).toBe(
      3,
    );
  });
});
