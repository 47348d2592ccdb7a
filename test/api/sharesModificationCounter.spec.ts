import vtkImageData from '@kitware/vtk.js/Common/DataModel/ImageData.js';
import { sharesModificationCounter } from '../../src/api/checkVtkCopy.js';
import type { Modifiable } from '../../src/api/checkVtkCopy.js';

/** What a copy of vtk.js is here: a counter, and objects that take their times from it. */
function copyOfVtk(count: number): () => Modifiable {
  let counter = count;
  return () => {
    let time = 0;
    return {
      modified: () => {
        counter += 1;
        time = counter;
      },
      getMTime: () => time,
    };
  };
}

describe('sharesModificationCounter', () => {
  it('holds for objects of one copy', () => {
    const newInstance = copyOfVtk(17);
    expect(sharesModificationCounter(newInstance(), newInstance())).toBeTrue();
  });

  for (const count of [0, 1, 16, 17, 18, 19, 4000]) {
    it(`does not hold for a copy that has counted to 17 and one that has to ${count}`, () => {
      expect(sharesModificationCounter(copyOfVtk(17)(), copyOfVtk(count)())).toBeFalse();
    });
  }

  it('holds for image data of the vtk.js in this bundle', () => {
    const [a, b] = [vtkImageData.newInstance(), vtkImageData.newInstance()];
    expect(sharesModificationCounter(a, b)).toBeTrue();
    a.delete();
    b.delete();
  });
});
