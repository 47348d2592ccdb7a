import type { Types } from '@cornerstonejs/core';
import { findAcquisitionPlane, moveToSlice, sliceAt } from '../../demo/src/acquisitionPlane.js';
import type { StreamingImageVolume } from '../../src/index.js';

/** Slices 2 mm apart from x = 10 on, acquired along the patient's left to right. */
const SAGITTAL = {
  direction: [0, 1, 0, 0, 0, 1, 1, 0, 0],
  spacing: [1, 1, 2],
  imageData: { worldToIndex: ([x, y, z]: Types.Point3) => [y, z, (x - 10) / 2] },
} as unknown as StreamingImageVolume;

describe('findAcquisitionPlane', () => {
  it('takes the plane that looks most straight on the slices, from either side', () => {
    const axial = fakeViewport([0, 0, -1]);
    const sagittal = fakeViewport([-0.9, 0.3, 0.3]);
    const coronal = fakeViewport([0.3, -0.9, 0.3]);

    expect(findAcquisitionPlane(SAGITTAL, [axial, coronal, sagittal])).toBe(sagittal);
    expect(findAcquisitionPlane(SAGITTAL, [])).toBeUndefined();
  });
});

describe('moveToSlice', () => {
  for (const side of [1, -1]) {
    it(`goes along the line of sight, and keeps pan and distance (from side ${side})`, () => {
      const viewport = fakeViewport([side, 0, 0]);
      expect(sliceAt(SAGITTAL, viewport)).toBe(-5);

      moveToSlice(SAGITTAL, viewport, 4);

      expect(sliceAt(SAGITTAL, viewport)).toBe(4);
      expect(viewport.getCamera().focalPoint).toEqual([18, 7, 5]);
      expect(viewport.getCamera().position).toEqual([18 + side * 100, 7, 5]);
      expect(viewport.pictures).toBe(1);
    });
  }

  it('reaches the slice in a view that is tilted against it too', () => {
    const viewport = fakeViewport([0.8, 0.6, 0]);
    moveToSlice(SAGITTAL, viewport, 4);
    expect(sliceAt(SAGITTAL, viewport)).toBe(4);
    expect(viewport.getCamera().focalPoint?.[0]).toBeCloseTo(18, 6);
  });
});

function fakeViewport(
  viewPlaneNormal: Types.Point3,
): Types.IVolumeViewport & { readonly pictures: number } {
  const focalPoint: Types.Point3 = [0, 7, 5];
  const [x, y, z] = viewPlaneNormal;
  let camera: Types.ICamera = {
    viewPlaneNormal,
    focalPoint,
    position: [100 * x, 7 + 100 * y, 5 + 100 * z],
  };
  let pictures = 0;
  return {
    get pictures() {
      return pictures;
    },
    getCamera: () => camera,
    setCamera: (change: Types.ICamera) => {
      camera = { ...camera, ...change };
    },
    render: () => {
      pictures += 1;
    },
  } as unknown as Types.IVolumeViewport & { readonly pictures: number };
}
