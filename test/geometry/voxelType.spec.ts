import { isStreamingVolumeError } from '../../src/errors.js';
import {
  chooseVoxelType,
  numberOfComponents,
  rescaledRange,
  storedRange,
} from '../../src/geometry/voxelType.js';
import type { FrameMetadata, VolumeDataType } from '../../src/types.js';
import { syntheticFrame, syntheticStack, withFrame } from '../support/syntheticFrames.js';

type Case = [bits: number, sign: 0 | 1, slope: number, intercept: number, type: VolumeDataType];

function frameOf([bitsStored, pixelRepresentation, slope, intercept]: Case): FrameMetadata {
  return syntheticFrame({ bitsStored, pixelRepresentation, rescale: { slope, intercept } });
}

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
