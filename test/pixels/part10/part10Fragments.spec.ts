import type { DataSet } from 'dicom-parser';
import { fragmentsOfFrames } from '../../../src/pixels/part10/part10Fragments.js';
import { cutPart10Frame } from '../../../src/pixels/part10/part10Frame.js';
import type { PixelLayout } from '../../../src/pixels/pixelLayout.js';

/** Two frames in three fragments at 0, 10 and 20. */
function dataSetOf(
  basicOffsetTable: readonly number[],
  more: object = {},
  byteArray = new Uint8Array(40),
): DataSet {
  const fragments = [0, 10, 20].map((offset) => ({ offset, position: offset, length: 2 }));
  return {
    byteArray,
    elements: { x7fe00010: { fragments, basicOffsetTable }, ...more },
    intString: () => 2,
  } as unknown as DataSet;
}

describe('The fragments of frames', () => {
  it('are not found by offsets that do not rise', () => {
    expect(() => fragmentsOfFrames(dataSetOf([0, 0]))).toThrowError(/nothing says where/);
  });

  it('are not found by offsets that do not begin with the first fragment', () => {
    expect(() => fragmentsOfFrames(dataSetOf([10, 20]))).toThrowError(/nothing says where/);
  });

  it('are not found by an extended table of another length', () => {
    const more = { x7fe00001: { tag: 'x7fe00001', length: 8, dataOffset: 32 } };
    const frames = fragmentsOfFrames(dataSetOf([0, 10], more));
    expect(frames.map(({ fragments }) => fragments.length)).toEqual([1, 2]);
  });

  it('have no length that goes beyond them', () => {
    const byteArray = new Uint8Array(40);
    new DataView(byteArray.buffer).setBigUint64(8, 2n ** 40n, true);
    const more = { x7fe00002: { tag: 'x7fe00002', length: 16, dataOffset: 8 } };
    const frames = fragmentsOfFrames(dataSetOf([0, 10], more, byteArray));
    expect(frames.map(({ byteLength }) => byteLength)).toEqual([undefined, undefined]);
  });
});

describe('The frames of a file', () => {
  it('are numbered from 1', () => {
    const dataSet = {
      byteArray: new Uint8Array(40),
      elements: { x7fe00010: { tag: 'x7fe00010', length: 40, dataOffset: 0, vr: 'OW' } },
      string: () => '1.2.840.10008.1.2.1',
      intString: () => 2,
    } as unknown as DataSet;
    const layout: PixelLayout = {
      valueCount: 10,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      isSigned: false,
      isFloat: false,
    };
    expect(() => cutPart10Frame(dataSet, 0, layout, 'wadouri:/a')).toThrowError(/numbered from 1/);
  });
});
