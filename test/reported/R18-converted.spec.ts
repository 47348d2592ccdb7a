import { wadors } from '@cornerstonejs/dicom-image-loader';
import { metaData } from '@cornerstonejs/core';
import { checkVolumeEligibility, groupImageIdsIntoVolumes } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { startDataSetCache, stopDataSetCache } from '../support/dataSetCache.js';
import type { TestElement } from '../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, words } from '../support/imageElements.js';
import { encoded, filesOverDataSets, OPENINGS, overWadors } from '../support/openSeries.js';
import type { Opening, TestInstance } from '../support/openSeries.js';

const SLICES = 4;

let seriesCount = 0;

/** Attributes of the image that a frame was made of: all are of another series, and lie elsewhere. */
function sourceOf(slice: number): TestElement[] {
  return [
    text(0x00080018, 'UI', `1.9.${slice}`),
    text(0x00080060, 'CS', slice % 2 === 0 ? 'MR' : 'PT'),
    text(0x00081150, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(0x00081155, 'UI', `1.9.${slice}`),
    text(0x0020000d, 'UI', '1.9'),
    text(0x0020000e, 'UI', `1.9.${slice % 2}`),
    text(0x00200032, 'DS', `${slice * slice}\\3\\${-7 * slice}`),
    text(0x00200037, 'DS', slice % 2 === 0 ? '0\\1\\0\\0\\0\\1' : '1\\0\\0\\0\\0\\1'),
    text(0x00200052, 'UI', `1.8.${slice}`),
    text(0x00280030, 'DS', `${slice + 2}\\${slice + 3}`),
    text(0x00281052, 'DS', '777'),
    text(0x00281053, 'DS', String(slice + 5)),
  ];
}

/** Sequences in which such attributes may come, among the functional groups. */
const SEQUENCES: readonly (readonly [name: string, tag: number])[] = [
  ['Referenced Image', 0x00081140],
  ['Source Image', 0x00082112],
  ['Derivation Image', 0x00089124],
  ['Conversion Source Attributes', 0x00209172],
  ['Unassigned Per-Frame Converted Attributes', 0x00209171],
];

/** The plane of a frame, in an order of tags in which the sequence may come before or behind it. */
function perFrame(slice: number, tag: number): TestElement[] {
  const source =
    tag === 0x00089124
      ? sq(
          tag,
          [...sourceOf(slice), sq(0x00082112, sourceOf(slice))].sort((a, b) => a.tag - b.tag),
        )
      : sq(tag, sourceOf(slice));
  return [
    sq(0x00209113, [text(0x00200032, 'DS', `-5\\7\\${2.5 * slice}`)]),
    sq(0x00289145, [text(0x00281052, 'DS', '-10'), text(0x00281053, 'DS', '2')]),
    source,
  ].sort((a, b) => a.tag - b.tag);
}

function converted(tag: number, where: 'per frame' | 'shared'): TestInstance[] {
  seriesCount += 1;
  const shared = [
    sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
    sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
    ...(where === 'shared' ? [sq(tag, sourceOf(1))] : []),
  ].sort((a, b) => a.tag - b.tag);
  const ofFrames = Array.from({ length: SLICES }, (_, slice) =>
    where === 'shared'
      ? perFrame(slice, tag).filter((element) => element.tag !== tag)
      : perFrame(slice, tag),
  );
  return [
    {
      elements: imageElements({
        series: `1.2.826.18.${seriesCount}`,
        number: 1,
        frames: SLICES,
        more: [sq(0x52009229, shared), sq(0x52009230, ...ofFrames)],
      }),
      frames: Array.from({ length: SLICES }, (_, slice) => words(...slicePixels(slice))),
    },
  ];
}

describe('R18: An enhanced image that names its sources,', () => {
  async function expectOwn(imageIds: readonly string[]): Promise<void> {
    const own = `1.2.826.18.${seriesCount}`;
    expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
    const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
    expect(volumes.length).toBe(1);
    expect(rest).toEqual([]);
    const volume = await createVolume(imageIds);
    expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
    expect(volume.metadata.SeriesInstanceUID).toBe(own);
    expect(volume.metadata.FrameOfReferenceUID).toBe(`${own}.99`);
    expect(volume.metadata.Modality).toBe('CT');
    expect([...volume.origin]).toEqual([-5, 7, 0]);
    expect(volume.spacing.map((mm) => Number(mm.toFixed(6)))).toEqual([0.7, 0.8, 2.5]);
    expect([...volume.direction]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect([...volume.getScalarData()]).toEqual(
      Array.from({ length: SLICES }, (_, slice) =>
        slicePixels(slice).map((stored) => stored * 2 - 10),
      ).flat(),
    );
  }

  describe('with the metadata of Cornerstone,', () => {
    beforeEach(() => {
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [name, tag] of SEQUENCES) {
      for (const where of ['per frame', 'shared'] as const) {
        for (const [scheme, open] of Object.entries(OPENINGS)) {
          it(`is taken for what it is itself: ${name}, ${where}, over ${scheme}`, async () => {
            await expectOwn(await open(converted(tag, where)));
          });
        }
      }
    }

    it('is taken for what it is itself after others have read its headers', async () => {
      const imageIds = await overWadors(converted(0x00209172, 'per frame'));
      for (const imageId of imageIds.toReversed()) {
        metaData.get('generalSeriesModule', imageId);
      }
      await expectOwn(imageIds);
    });
  });

  it('has the UIDs of its address where it was registered before the loader', async () => {
    stopCornerstone();
    const [image] = converted(0x00209172, 'per frame');
    // Nobody has kept what the instance said of itself; the sources have one frame of reference.
    const elements = (image as TestInstance).elements.map((element) =>
      element.tag === 0x52009230 ? withoutFrameOfReference(element) : element,
    );
    const imageIds = await overWadors([{ ...(image as TestInstance), elements }]);
    imageIds.forEach((imageId) => wadors.metaDataManager.get(imageId));
    startCornerstone();
    const { reasons } = checkVolumeEligibility(imageIds);
    expect(reasons).toEqual([]);
    const volume = await createVolume(imageIds);
    expect(volume.metadata.SeriesInstanceUID).toBe(`1.2.826.18.${seriesCount}`);
    stopCornerstone();
  });

  describe('with the data set cache of dicom-image-loader,', () => {
    beforeEach(() => {
      startDataSetCache();
      startCornerstone();
    });

    afterEach(() => {
      stopCornerstone();
      stopDataSetCache();
    });

    for (const [name, tag] of SEQUENCES) {
      it(`is taken for what it is itself: ${name}`, async () => {
        const open: Opening = encoded(filesOverDataSets);
        await expectOwn(await open(converted(tag, 'per frame')));
      });
    }
  });
});

/** Neither a modality nor a frame of reference that could take the place of the instance's own. */
function withoutFrameOfReference(groups: TestElement): TestElement {
  const prune = (elements: readonly TestElement[]): TestElement[] =>
    elements
      .filter(({ tag }) => tag !== 0x00200052 && tag !== 0x00080060)
      .map((element) =>
        element.vr === 'SQ'
          ? {
              ...element,
              value: (element.value as readonly (readonly TestElement[])[]).map(prune),
            }
          : element,
      );
  return {
    ...groups,
    value: (groups.value as readonly (readonly TestElement[])[]).map(prune),
  };
}
