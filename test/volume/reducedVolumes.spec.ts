import {
  cache,
  eventTarget,
  Enums,
  imageLoader,
  metaData,
  volumeLoader,
} from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import {
  createVolumeFromImages,
  DECIMATED_VOLUME_SCHEME,
  decimatedVolumeLoader,
  prefetchVolume,
} from '../../src/index.js';
import type { CreateVolumeOptions, StreamingImageVolume } from '../../src/index.js';
import { newVolumeId } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { errorOf } from '../support/errorOf.js';
import type { SyntheticSeries } from '../support/SyntheticSeries.js';
import { useSyntheticSeries } from '../support/useSyntheticSeries.js';

const [COLUMNS, ROWS, SLICES] = [7, 5, 6];

type Triple = readonly [number, number, number];

describe('A volume of every n-th voxel of a box', () => {
  const makeSeries = useSyntheticSeries();

  function series(options: Partial<Parameters<typeof makeSeries>[0]> = {}): SyntheticSeries {
    return makeSeries({ count: SLICES, columns: COLUMNS, rows: ROWS, ...options });
  }

  /** The voxels of a slice of the series that are kept, in order. */
  function kept(of: SyntheticSeries, slice: number, first: Triple, step: Triple, count: Triple) {
    return Array.from({ length: count[0] * count[1] }, (_, place) => {
      const i = first[0] + (place % count[0]) * step[0];
      const j = first[1] + Math.floor(place / count[0]) * step[1];
      return of.voxel(slice, j * COLUMNS + i);
    });
  }

  function sliceOf(volume: StreamingImageVolume, index: number): number[] {
    const size = volume.dimensions[0] * volume.dimensions[1];
    return [...volume.getScalarData().subarray(index * size, (index + 1) * size)];
  }

  const requestedSlices = (of: SyntheticSeries): number[] =>
    of.requests.map(({ slice }) => slice).toSorted((a, b) => a - b);

  /** Row, column and normal of a stack that is parallel to no axis of the patient. */
  const [C, S, C2, S2] = [Math.cos(0.4), Math.sin(0.4), Math.cos(1.1), Math.sin(1.1)];
  const ROW: Triple = [C, S, 0];
  const COLUMN: Triple = [-S * C2, C * C2, S2];
  const NORMAL: Triple = [S * S2, -C * S2, C2];
  const oblique = {
    orientation: [...ROW, ...COLUMN],
    position: (slice: number): [number, number, number] => [
      -10 + 2.5 * slice * NORMAL[0],
      20 + 2.5 * slice * NORMAL[1],
      30 + 2.5 * slice * NORMAL[2],
    ],
  };

  for (const [name, options, first, step, count] of [
    ['decimated', { ijkDecimation: [2, 3, 2] }, [0, 0, 0], [2, 3, 2], [4, 2, 3]],
    [
      'cut',
      {
        bounds: {
          index: [
            [2, 5],
            [1, 4],
            [1, 3],
          ],
        },
      },
      [2, 1, 1],
      [1, 1, 1],
      [4, 4, 3],
    ],
    [
      'cut and decimated',
      {
        bounds: {
          index: [
            [1, 6],
            [1, 4],
            [1, 5],
          ],
        },
        ijkDecimation: [2, 1, 3],
      },
      [1, 1, 1],
      [2, 1, 3],
      [3, 4, 2],
    ],
  ] as const) {
    it(`has its origin in the first voxel that is kept, also where it is oblique: ${name}`, async () => {
      const all = series(oblique);
      const volume = await createVolume(all.imageIds, options as Partial<CreateVolumeOptions>);
      await volume.load();
      const [i, j, k] = first;
      const [x, y, z] = oblique.position(0);
      const origin = [x, y, z].map(
        (at, axis) =>
          at +
          i * 0.7 * (ROW[axis] as number) +
          j * 0.8 * (COLUMN[axis] as number) +
          k * 2.5 * (NORMAL[axis] as number),
      );
      expect(volume.dimensions).toEqual([...count]);
      volume.origin.forEach((at, axis) => {
        expect(Math.abs(at - (origin[axis] as number))).toBeLessThan(1e-6);
      });
      [0.7 * step[0], 0.8 * step[1], 2.5 * step[2]].forEach((spacing, axis) => {
        expect(Math.abs((volume.spacing[axis] as number) - spacing)).toBeLessThan(1e-6);
      });
      [...ROW, ...COLUMN, ...NORMAL].forEach((cosine, place) => {
        expect(Math.abs((volume.direction[place] as number) - cosine)).toBeLessThan(1e-6);
      });
      const center = volume.imageData?.indexToWorld([1, 1, 1]) as number[];
      const expected = [x, y, z].map(
        (at, axis) =>
          at +
          (i + step[0]) * 0.7 * (ROW[axis] as number) +
          (j + step[1]) * 0.8 * (COLUMN[axis] as number) +
          (k + step[2]) * 2.5 * (NORMAL[axis] as number),
      );
      center.forEach((at, axis) => {
        expect(Math.abs(at - (expected[axis] as number))).toBeLessThan(1e-5);
      });
      const slices = Array.from({ length: count[2] }, (_, index) => k + index * step[2]);
      expect(requestedSlices(all)).toEqual(slices);
      slices.forEach((slice, index) => {
        expect(sliceOf(volume, index)).toEqual(kept(all, slice, first, step, count));
      });
      expect(volume.geometryReport.reduction).toEqual({
        wholeDimensions: [COLUMNS, ROWS, SLICES],
        bounds:
          'bounds' in options
            ? options.bounds.index
            : [
                [0, 6],
                [0, 4],
                [0, 5],
              ],
        ijkDecimation: [...step],
        tooLargeFor: [],
        skippedImageIds: all.imageIds.filter((_, slice) => !slices.includes(slice)),
      } as never);
      expect(volume.progress.framesTotal).toBe(count[2]);
    });
  }

  it('cuts a box in mm', async () => {
    const all = series();
    const volume = await createVolume(all.imageIds, {
      bounds: {
        world: [
          [-9.4, -7],
          [-19.2, -17.5],
          [2.4, 7.5],
        ],
      },
    });
    await volume.load();
    // Centres: x = -10 + 0.7 i, y = -20 + 0.8 j, z = 2.5 k.
    expect(volume.dimensions).toEqual([4, 3, 3]);
    expect(requestedSlices(all)).toEqual([1, 2, 3]);
    expect(sliceOf(volume, 2)).toEqual(kept(all, 3, [1, 1, 0], [1, 1, 1], [4, 3, 3]));
  });

  it('may have one slice, one row and one column', async () => {
    const all = series();
    const volume = await createVolume(all.imageIds, {
      bounds: [
        [3, 3],
        [2, 2],
        [4, 4],
      ],
    });
    await volume.load();
    expect(volume.dimensions).toEqual([1, 1, 1]);
    expect([...volume.getScalarData()]).toEqual([all.voxel(4, 2 * COLUMNS + 3)]);
    expect(volume.spacing[2]).toBeCloseTo(2.5, 9);
  });

  it('leaves a whole volume as it is', async () => {
    const all = series();
    const volume = await createVolume(all.imageIds, {
      ijkDecimation: [1, 1, 1],
      bounds: {
        index: [
          [0, 6],
          [0, 4],
          [0, 5],
        ],
      },
    });
    expect(volume.imageIds).toEqual(all.imageIds);
    expect(volume.geometryReport.reduction).toBeUndefined();
  });

  it('has the imageIds of the series where whole slices are kept', async () => {
    const all = series();
    const volume = await createVolume(all.imageIds, { ijkDecimation: [1, 1, 2] });
    await volume.load();
    expect(volume.imageIds).toEqual([0, 2, 4].map((slice) => all.imageIds[slice] as string));
    expect(volume.convertToCornerstoneImage(all.imageIds[2] as string, 1).rows).toBe(ROWS);
    const image = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
      all.imageIds[3] as string,
    );
    expect([...image.getPixelData()]).toEqual(kept(all, 3, [0, 0, 0], [1, 1, 1], [7, 5, 6]));
    expect(all.requests.length).toBe(4);
  });

  it('refuses a box that is not in the volume, with its name and an imageId', async () => {
    const all = series();
    const volumeId = newVolumeId();
    for (const bounds of [
      {
        index: [
          [0, 7],
          [0, 4],
          [0, 5],
        ],
      },
      {
        index: [
          [0, 6],
          [0, 4],
          [6, 6],
        ],
      },
      {
        world: [
          [-9, -8],
          [-19, -18],
          [100, 200],
        ],
      },
    ] as const) {
      const error = await errorOf(createVolume(all.imageIds, { volumeId, bounds }));
      expect(error.code).toBe('out-of-bounds');
      expect(error.volumeId).toBe(volumeId);
      expect(error.imageIds).toEqual([all.imageIds[0] as string]);
      expect(error.message).toContain(volumeId);
      expect(error.message).toContain(all.imageIds[0] as string);
    }
    expect(cache.getVolumeLoadObject(volumeId)).toBeUndefined();
    expect(all.requests).toEqual([]);
  });

  it('refuses wrong options with a TypeError that names them', async () => {
    const { imageIds } = series();
    for (const [name, wrong] of [
      ['ijkDecimation', { ijkDecimation: 2 }],
      ['ijkDecimation', { ijkDecimation: [] }],
      ['ijkDecimation', { ijkDecimation: [0, 1, 1] }],
      ['ijkDecimation', { ijkDecimation: [2, Number.NaN, 1] }],
      ['ijkDecimation', { ijkDecimation: [1, 1, 1, 1] }],
      [
        'bounds',
        {
          bounds: [
            [0, 1],
            [0, 1],
          ],
        },
      ],
      [
        'bounds',
        {
          bounds: {
            index: [
              [1, 0],
              [0, 1],
              [0, 1],
            ],
          },
        },
      ],
      [
        'bounds',
        {
          bounds: {
            index: [
              [0.5, 1],
              [0, 1],
              [0, 1],
            ],
          },
        },
      ],
      [
        'bounds',
        {
          bounds: {
            index: [
              [-1, 1],
              [0, 1],
              [0, 1],
            ],
          },
        },
      ],
      [
        'bounds',
        {
          bounds: {
            world: [
              [1, 0],
              [0, 1],
              [0, 1],
            ],
          },
        },
      ],
      [
        'bounds',
        {
          bounds: {
            world: [
              [Number.NaN, 0],
              [0, 1],
              [0, 1],
            ],
          },
        },
      ],
      ['bounds', { bounds: {} }],
      ['bounds', { bounds: null }],
      ['onTooLarge', { onTooLarge: 'shrink' }],
    ] as const) {
      await expectAsync(
        (async () => createVolume(imageIds, wrong as unknown as Partial<CreateVolumeOptions>))(),
      ).toBeRejectedWithError(TypeError, new RegExp(name));
    }
  });

  it('takes factors as core does: whole parts, and those that are left out', async () => {
    const { imageIds } = series();
    for (const [ijkDecimation, dimensions] of [
      [[2], [4, 3, 6]],
      [
        [2.9, 3.1],
        [4, 2, 6],
      ],
      [
        [3, undefined, 2],
        [3, 2, 3],
      ],
    ] as const) {
      const volume = await createVolume(imageIds, { ijkDecimation: ijkDecimation as never });
      expect(volume.dimensions).toEqual([...dimensions]);
    }
  });

  it("is made by the scheme and the function of core's decimated loader", async () => {
    const all = series();
    const volume = (await volumeLoader.createAndCacheVolume(`${DECIMATED_VOLUME_SCHEME}:a:2_2_2`, {
      imageIds: [...all.imageIds],
      ijkDecimation: [2, 2, 2],
    } as never)) as unknown as StreamingImageVolume;
    expect(volume.dimensions).toEqual([4, 3, 3]);
    volumeLoader.registerVolumeLoader('ownDecimated', decimatedVolumeLoader as never);
    const other = (await volumeLoader.createAndCacheVolume('ownDecimated:a', {
      imageIds: [...all.imageIds],
      ijkDecimation: [7, 5, 6],
    } as never)) as unknown as StreamingImageVolume;
    expect(other.dimensions).toEqual([1, 1, 1]);
  });

  describe('beside whole frames', () => {
    it('gives no part of a frame out as the frame, and takes none for it', async () => {
      const all = series();
      const part = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 1] });
      await part.load();
      const [imageId] = all.imageIds as [string];
      expect(part.getImageIdIndex(imageId)).toBeUndefined();
      expect(cache.getImageLoadObject(imageId)).toBeUndefined();
      const image = await imageLoader.loadAndCacheImage(imageId);
      expect([image.rows, image.columns]).toEqual([ROWS, COLUMNS]);
      const before = all.requests.length;
      const whole = await createVolume(all.imageIds);
      await whole.load();
      // The first frame is in the image cache.
      expect(all.requests.length - before).toBe(SLICES - 1);
      expect(sliceOf(whole, 3)).toEqual(kept(all, 3, [0, 0, 0], [1, 1, 1], [7, 5, 6]));
    });

    it('takes its part from a whole volume, and from Images in the cache', async () => {
      const all = series();
      const whole = await createVolume(all.imageIds);
      await whole.load();
      const first: Triple = [1, 1, 0];
      const count: Triple = [3, 2, 6];
      const options = {
        bounds: [
          [1, 5],
          [1, 3],
          [0, 5],
        ],
        ijkDecimation: [2, 2, 1],
      } as never;
      const part = await createVolume(all.imageIds, options);
      await part.load();
      expect(all.requests.length).toBe(SLICES);
      expect(sliceOf(part, 4)).toEqual(kept(all, 4, first, [2, 2, 1], count));
      whole.decache();
      part.decache(true);
      const ofImages = await createVolumeFromImages(newVolumeId(), all.imageIds, options);
      expect(all.requests.length).toBe(SLICES);
      expect(sliceOf(ofImages, 5)).toEqual(kept(all, 5, first, [2, 2, 1], count));
      expect(cache.getImage(all.imageIds[5] as string)?.rows).toBe(ROWS);
    });

    it('gives Images and metadata of its slices with their own size and place', async () => {
      const all = series(oblique);
      const volume = await createVolume(all.imageIds, {
        bounds: [
          [1, 6],
          [2, 4],
          [1, 5],
        ],
        ijkDecimation: [2, 1, 2],
      });
      await volume.load();
      const imageId = volume.imageIds[1] as string;
      const image = cache.getImage(imageId) as Types.IImage;
      const voxels = kept(all, 3, [1, 2, 1], [2, 1, 2], [3, 3, 3]);
      expect([image.columns, image.rows]).toEqual([3, 3]);
      expect([...image.getPixelData()]).toEqual(voxels);
      expect([...(image.voxelManager?.getScalarData() ?? [])]).toEqual(voxels);
      expect(image.columnPixelSpacing).toBeCloseTo(1.4, 9);
      const plane = metaData.get('imagePlaneModule', imageId) as Record<string, number[]>;
      expect([plane['columns'], plane['rows']] as unknown).toEqual([3, 3]);
      expect(plane['pixelSpacing']).toEqual([0.8, 1.4]);
      plane['imagePositionPatient']?.forEach((at, axis) => {
        const expected =
          (oblique.position(3)[axis] as number) +
          0.7 * (ROW[axis] as number) +
          1.6 * (COLUMN[axis] as number);
        expect(at).toBeCloseTo(expected, 9);
      });
      const pixel = metaData.get('imagePixelModule', imageId) as Record<string, number>;
      expect([pixel['columns'], pixel['rows'], pixel['bitsStored']]).toEqual([3, 3, 16]);
      expect(metaData.get('generalSeriesModule', imageId)).toEqual(
        metaData.get('generalSeriesModule', all.imageIds[3] as string),
      );
      expect(await imageLoader.loadAndCacheImage(imageId)).toBe(image);
      expect(volume.getCornerstoneImages().map(({ rows }) => rows)).toEqual([3, 3, 3]);
      const labels = volumeLoader.createAndCacheDerivedLabelmapVolume(volume.volumeId, {
        volumeId: newVolumeId(),
      });
      expect(labels.dimensions).toEqual(volume.dimensions);
      labels.voxelManager?.setAtIJK(2, 2, 1, 5);
      expect(labels.voxelManager?.getAtIJK(2, 2, 1)).toBe(5);
      expect(labels.voxelManager?.getCompleteScalarDataArray?.().length).toBe(27);
    });

    it('fetches whole frames on request, by the imageId of the frame or of the slice', async () => {
      const all = series({ slope: () => 2, intercept: () => -1 });
      const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 2] });
      await volume.load();
      const before = cache.getCacheSize();
      const wholeSlice = (slice: number) => kept(all, slice, [0, 0, 0], [1, 1, 1], [7, 5, 6]);
      for (const [imageId, index, slice] of [
        [volume.imageIds[1], 1, 2],
        [all.imageIds[2], 1, 2],
        [volume.imageIds[2], undefined, 4],
        [all.imageIds[4], undefined, 4],
        [all.imageIds[5], undefined, 5],
      ] as const) {
        const image = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
          imageId as string,
          index,
        );
        expect([image.columns, image.rows, image.imageId]).toEqual([
          COLUMNS,
          ROWS,
          all.imageIds[slice] as string,
        ]);
        expect([...image.getPixelData()]).toEqual(wholeSlice(slice));
        expect(image.minPixelValue).toBe(Math.min(...wholeSlice(slice)));
      }
      expect(all.requests.length).toBe(3 + 5);
      const { promise } = volume.getCornerstoneImageLoadObject(volume.imageIds[0] as string);
      expect([...(await promise).getPixelData()]).toEqual(wholeSlice(0));
      expect(cache.getCacheSize()).toBe(before);
      expect(() => volume.convertToCornerstoneImage(all.imageIds[2] as string, 0)).toThrowError(
        TypeError,
      );
      volume.decache(true);
      await expectAsync(
        volume.convertToCornerstoneImage<Promise<Types.IImage>>(all.imageIds[2] as string),
      ).toBeRejected();
    });
  });

  it('is taken over from a prefetched volume of the same part, and from no other', async () => {
    const all = series();
    const { volumeId } = await prefetchVolume(all.imageIds, { ijkDecimation: [2, 2, 2] });
    expect(all.requests.length).toBe(3);
    const other = await createVolume(all.imageIds, { ijkDecimation: [2, 1, 2] });
    expect(other.framesLoaded).toBe(0);
    const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 2] });
    expect(volume.framesLoaded).toBe(3);
    expect(cache.getVolume(volumeId)).toBeUndefined();
    expect(sliceOf(volume, 1)).toEqual(kept(all, 2, [0, 0, 0], [2, 2, 2], [4, 3, 3]));
  });

  it('tells and repeats frames that have failed', async () => {
    const all = series({ held: true });
    const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 2], retries: 0 });
    const errors: unknown[] = [];
    const onError = ((event: CustomEvent<{ imageId: string; imageIdIndex: number }>) => {
      errors.push(event.detail.imageIdIndex);
    }) as EventListener;
    eventTarget.addEventListener(Enums.Events.IMAGE_LOAD_ERROR, onError);
    const loading = volume.load();
    all.requests.find(({ slice }) => slice === 2)?.reject(new Error('no'));
    all.answer(0, 4);
    const { failed, framesLoaded } = await loading;
    eventTarget.removeEventListener(Enums.Events.IMAGE_LOAD_ERROR, onError);
    expect([framesLoaded, failed.length, errors]).toEqual([2, 1, [1]]);
    expect(failed[0]?.error.imageIds).toEqual([all.imageIds[2] as string]);
    const again = volume.retryFailedFrames();
    all.answer();
    expect((await again).failed).toEqual([]);
    expect(sliceOf(volume, 1)).toEqual(kept(all, 2, [0, 0, 0], [2, 2, 2], [4, 3, 3]));
  });

  it('refuses a frame of another size, also one of the size of the slice', async () => {
    const all = series({ held: true });
    const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 3] });
    const loading = volume.load();
    const values = new Uint16Array(4 * 3);
    for (const request of all.requests) {
      request.resolve({
        rows: 3,
        columns: 4,
        getPixelData: () => values,
        voxelManager: undefined,
      });
    }
    const { failed } = await loading;
    expect(failed.map(({ error }) => error.code)).toEqual(['frame-size', 'frame-size']);
  });

  it('is loaded by a load strategy', async () => {
    const all = series();
    const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 2, 2] });
    const requests = volume.getImageLoadRequests();
    expect(requests.length).toBe(3);
    await Promise.all(
      requests.map(({ callLoadImage, imageId, imageIdIndex, options }) =>
        callLoadImage(imageId, imageIdIndex, options),
      ),
    );
    expect(volume.framesLoaded).toBe(3);
    expect(sliceOf(volume, 2)).toEqual(kept(all, 4, [0, 0, 0], [2, 2, 2], [4, 3, 3]));
  });

  it('widens for values that it keeps, and not for others', async () => {
    const pixels = (slice: number) =>
      Uint16Array.from({ length: COLUMNS * ROWS }, (_, i) =>
        i === (slice === 1 ? 1 : 2) && slice > 0 ? 60_000 : i,
      );
    const all = series({ pixels, extremes: () => [0, 100] });
    const volume = await createVolume(all.imageIds, { ijkDecimation: [2, 1, 1] });
    expect(volume.dataType).toBe('Uint8Array');
    // Slice 1 has its large value in a column that is left out.
    await volume.load();
    expect(volume.dataType).toBe('Uint16Array');
    for (let slice = 0; slice < SLICES; slice++) {
      expect(sliceOf(volume, slice)).toEqual(kept(all, slice, [0, 0, 0], [2, 1, 1], [4, 5, 6]));
    }
    const few = await createVolume(all.imageIds, {
      bounds: [
        [0, 6],
        [0, 4],
        [0, 1],
      ],
      ijkDecimation: [2, 1, 1],
    });
    await few.load();
    expect(few.dataType).toBe('Uint8Array');
  });

  describe('of frames that are not regular', () => {
    const missing = (slice: number): [number, number, number] => [
      -10,
      -20,
      2.5 * (slice < 3 ? slice : slice + 1),
    ];

    it('keeps absent slices', async () => {
      const all = series({ position: missing });
      const volume = await createVolume(all.imageIds, {
        onIrregular: 'nearest',
        bounds: [
          [1, 6],
          [0, 4],
          [1, 6],
        ],
        ijkDecimation: [2, 2, 2],
      });
      await volume.load();
      // The slices are 1, 3 (absent) and 5, which is frame 4.
      expect(volume.frameStates).toEqual(['loaded', 'absent', 'loaded']);
      expect(requestedSlices(all)).toEqual([1, 4]);
      expect(sliceOf(volume, 1)).toEqual(new Array(9).fill(0));
      expect(sliceOf(volume, 2)).toEqual(kept(all, 4, [1, 0, 0], [2, 2, 2], [3, 3, 3]));
      const [absent] = volume.geometryReport.absentSlices;
      expect(absent?.imageIdIndex).toBe(1);
      absent?.positionInMm.forEach((at, axis) => {
        expect(at).toBeCloseTo([-9.3, -20, 7.5][axis] as number, 9);
      });
      const blank = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
        volume.imageIds[1] as string,
      );
      expect([blank.rows, blank.columns]).toEqual([ROWS, COLUMNS]);
    });

    it('interpolates between the frames beside a slice, which it need not have', async () => {
      const all = series({ position: missing });
      const volume = await createVolume(all.imageIds, {
        onIrregular: 'resample',
        bounds: [
          [1, 6],
          [0, 4],
          [1, 6],
        ],
        ijkDecimation: [2, 2, 2],
      });
      await volume.load();
      const before = kept(all, 2, [1, 0, 0], [2, 2, 2], [3, 3, 3]);
      const behind = kept(all, 3, [1, 0, 0], [2, 2, 2], [3, 3, 3]);
      expect(sliceOf(volume, 1)).toEqual(
        before.map((value, i) => Math.round((value + (behind[i] as number)) / 2)),
      );
      expect(sliceOf(volume, 2)).toEqual(kept(all, 4, [1, 0, 0], [2, 2, 2], [3, 3, 3]));
      expect(requestedSlices(all)).toEqual([1, 2, 3, 4]);
      const image = await volume.convertToCornerstoneImage<Promise<Types.IImage>>(
        volume.imageIds[1] as string,
      );
      expect(image.getPixelData().length).toBe(COLUMNS * ROWS);
      expect(image.getPixelData()[1]).toBe(sliceOf(volume, 1)[0]);
    });
  });
});
