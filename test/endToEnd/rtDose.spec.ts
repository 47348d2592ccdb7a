import { checkVolumeEligibility } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { errorOf } from '../support/errorOf.js';
import type { TestElement } from '../support/encodePart10.js';
import { imageElements, text, us } from '../support/imageElements.js';
import { OPENINGS } from '../support/openSeries.js';
import type { Opening, TestInstance } from '../support/openSeries.js';

const SLICES = 4;
const [COLUMNS, ROWS] = [4, 3];
const PIXELS = COLUMNS * ROWS;

/** A dose by its headers, and where its frames have to lie. */
interface Dose {
  readonly bits: 16 | 32;
  readonly scaling: string;
  readonly position: readonly [number, number, number];
  readonly orientation?: string;
  /** Of the frames, as written. */
  readonly offsets: readonly number[];
  /** Along the normal from the first plane, in mm; by the standard, not by the code under test. */
  readonly along: readonly number[];
}

let doseCount = 0;

/** Stored values of a frame; those of 32 bits are beyond single precision. */
function storedOf(frame: number, bits: 16 | 32): number[] {
  const first = bits === 16 ? 60_000 : 4_000_000_001;
  return Array.from({ length: PIXELS }, (_, i) => first + 100 * frame + i);
}

function bytesOf(values: readonly number[], bits: 16 | 32): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array((values.length * bits) / 8);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => {
    if (bits === 16) {
      view.setUint16(2 * i, value, true);
    } else {
      view.setUint32(4 * i, value, true);
    }
  });
  return bytes;
}

function headerOf(
  dose: Pick<Dose, 'bits' | 'orientation'>,
  more: readonly TestElement[],
): readonly TestElement[] {
  const { bits, orientation = '1\\0\\0\\0\\1\\0' } = dose;
  return [
    text(0x00200037, 'DS', orientation),
    us(0x00280100, bits),
    us(0x00280101, bits),
    us(0x00280102, bits - 1),
    text(0x30040002, 'CS', 'GY'),
    ...more,
  ];
}

/** One instance with all frames. */
function multiFrame(dose: Dose): TestInstance[] {
  doseCount += 1;
  return [
    {
      elements: imageElements({
        series: `1.2.826.15.${doseCount}`,
        number: 1,
        modality: 'RTDOSE',
        columns: COLUMNS,
        rows: ROWS,
        frames: dose.offsets.length,
        position: dose.position,
        more: headerOf(dose, [
          text(0x3004000c, 'DS', dose.offsets.join('\\')),
          ...(dose.scaling === '' ? [] : [text(0x3004000e, 'DS', dose.scaling)]),
        ]),
      }),
      frames: dose.offsets.map((_, frame) => bytesOf(storedOf(frame, dose.bits), dose.bits)),
    },
  ];
}

const AXIAL = {
  position: [-5, 7, 10],
  offsets: [0, 2.5, 5, 7.5],
  along: [0, 2.5, 5, 7.5],
} as const;

const DOSES: Readonly<Record<string, Dose>> = {
  'with relative offsets, ascending': { bits: 16, scaling: '0.25', ...AXIAL },
  'with relative offsets, descending': {
    bits: 16,
    scaling: '0.0001',
    position: [-5, 7, 10],
    offsets: [0, -2.5, -5, -7.5],
    along: [0, -2.5, -5, -7.5],
  },
  'with z coordinates, ascending': {
    bits: 16,
    scaling: '3.7e-4',
    position: [-5, 7, 10],
    offsets: [10, 12.5, 15, 17.5],
    along: [0, 2.5, 5, 7.5],
  },
  'with z coordinates, descending': {
    bits: 32,
    scaling: '1.1e-7',
    position: [-5, 7, 10],
    offsets: [10, 7.5, 5, 2.5],
    along: [0, -2.5, -5, -7.5],
  },
  'with z coordinates of planes that face downwards': {
    bits: 16,
    scaling: '0.001',
    position: [-5, 7, 10],
    orientation: '-1\\0\\0\\0\\1\\0',
    offsets: [10, 12.5, 15, 17.5],
    // The normal points to -z.
    along: [0, -2.5, -5, -7.5],
  },
  'with relative offsets of planes that face downwards': {
    bits: 16,
    scaling: '0.001',
    position: [-5, 7, 10],
    orientation: '1\\0\\0\\0\\-1\\0',
    offsets: [0, 2.5, 5, 7.5],
    along: [0, 2.5, 5, 7.5],
  },
  'that begins at z = 0': {
    bits: 32,
    scaling: '2.5e-9',
    position: [-5, 7, 0],
    offsets: [0, 2.5, 5, 7.5],
    along: [0, 2.5, 5, 7.5],
  },
  'of coronal planes': {
    bits: 32,
    scaling: '1e-6',
    ...AXIAL,
    orientation: '1\\0\\0\\0\\0\\-1',
  },
  'of oblique planes': {
    bits: 16,
    scaling: '0.5',
    ...AXIAL,
    orientation: '0.8\\0.6\\0\\-0.6\\0.8\\0',
  },
  'whose integer scaling keeps values of 32 bits': {
    bits: 16,
    scaling: '3',
    ...AXIAL,
  },
};

function normalOf({ orientation = '1\\0\\0\\0\\1\\0' }: Dose): [number, number, number] {
  const [a, b, c, d, e, f] = orientation.split('\\').map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [b * f - c * e, c * d - a * f, a * e - b * d];
}

/** The voxels and the origin of a dose of regular planes, lowest along the normal first. */
function truthOf(dose: Dose) {
  const order = [...dose.along.keys()].sort(
    (a, b) => (dose.along[a] as number) - (dose.along[b] as number),
  );
  const normal = normalOf(dose);
  const lowest = dose.along[order[0] as number] as number;
  return {
    origin: dose.position.map((value, i) => value + (normal[i] as number) * lowest),
    voxels: order.flatMap((frame) =>
      storedOf(frame, dose.bits).map((stored) => Math.fround(stored * Number(dose.scaling))),
    ),
  };
}

for (const [scheme, frameWorkers] of [
  ['wadors', 2],
  ['wadors', 0],
  ['wadouri', 2],
  ['dicomfile', 2],
] as const) {
  describe(`RT dose over ${scheme} with ${frameWorkers} frame workers,`, () => {
    const open = OPENINGS[scheme] as Opening;

    beforeEach(() => {
      startCornerstone({ frameWorkers });
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [name, dose] of Object.entries(DOSES)) {
      it(`is right ${name}`, async () => {
        const imageIds = await open(multiFrame(dose));
        expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
        const volume = await createVolume(imageIds);
        expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
        const { origin, voxels } = truthOf(dose);
        expect(volume.dimensions).toEqual([COLUMNS, ROWS, SLICES]);
        expect([...volume.getScalarData()]).toEqual(voxels);
        volume.origin.forEach((value, i) => {
          expect(value).toBeCloseTo(origin[i] as number, 6);
        });
        expect(volume.spacing[2]).toBeCloseTo(2.5, 6);
        expect([...volume.direction].slice(6).map((value) => value + 0)).toEqual(
          normalOf(dose).map((value) => value + 0),
        );
      });
    }

    it('is right of single frames', async () => {
      doseCount += 1;
      const series = `1.2.826.15.${doseCount}`;
      const instances = Array.from({ length: SLICES }, (_, frame) => ({
        elements: imageElements({
          series,
          number: frame + 1,
          modality: 'RTDOSE',
          columns: COLUMNS,
          rows: ROWS,
          position: [-5, 7, -2.5 * frame],
          more: headerOf({ bits: 32 }, [text(0x3004000e, 'DS', `${frame + 1}e-7`)]),
        }),
        frames: [bytesOf(storedOf(frame, 32), 32)],
      }));
      const imageIds = await open(instances);
      const volume = await createVolume(imageIds);
      expect((await volume.load()).failed).toEqual([]);
      const expected = [3, 2, 1, 0].flatMap((frame) =>
        storedOf(frame, 32).map((stored) => Math.fround(stored * Number(`${frame + 1}e-7`))),
      );
      expect([...volume.getScalarData()]).toEqual(expected);
    });

    it('of irregular planes is refused, or resampled', async () => {
      const dose: Dose = {
        bits: 16,
        scaling: '0.25',
        position: [-5, 7, 10],
        offsets: [0, 2, 6, 8, 10],
        along: [0, 2, 6, 8, 10],
      };
      const imageIds = await open(multiFrame(dose));
      const error = await errorOf(createVolume(imageIds));
      expect(error.code).toBe('not-a-volume');
      expect(error.reasons.map(({ code }) => code)).toEqual(['missing-slices']);
      const volume = await createVolume(imageIds, { onIrregular: 'resample' });
      expect((await volume.load()).failed).toEqual([]);
      expect(volume.dimensions[2]).toBe(6);
      const slices = [0, 1, 1.5, 2, 3, 4].flatMap((frame) =>
        storedOf(frame, 16).map((stored) => stored * 0.25),
      );
      expect([...volume.getScalarData()]).toEqual(slices);
    });

    it('whose values of 32 bits are scaled by a whole number is exact, or refused', async () => {
      const dose: Dose = { bits: 32, scaling: '1', ...AXIAL };
      const volume = await createVolume(await open(multiFrame(dose)));
      const { failed } = await volume.load();
      expect(failed.map(({ error }) => error.code)).toEqual(
        Array.from({ length: SLICES }, () => 'value-out-of-range'),
      );
      expect(failed[0]?.error.message).toContain('4000000');
    });

    for (const scaling of ['', '0', '-0.5']) {
      it(`without a scale is refused before anything is requested: ${scaling || 'absent'}`, async () => {
        const imageIds = await open(multiFrame({ bits: 16, scaling, ...AXIAL }));
        const error = await errorOf(createVolume(imageIds));
        expect(error.code).toBe('not-a-volume');
        expect(error.reasons.map(({ code }) => code)).toEqual(['dose-grid-scaling']);
        expect(error.imageIds.length).toBe(SLICES);
      });
    }

    it('whose planes are not stated is refused', async () => {
      for (const offsets of [
        [5, 7.5, 10, 12.5],
        [0, 2.5],
      ]) {
        const dose: Dose = { bits: 16, scaling: '1', ...AXIAL, offsets };
        const [instance] = multiFrame(dose) as [TestInstance];
        const frames = [0, 1, 2, 3].map((frame) => bytesOf(storedOf(frame, 16), 16));
        const elements = instance.elements.map((element) =>
          element.tag === 0x00280008 ? text(0x00280008, 'IS', '4') : element,
        );
        const error = await errorOf(createVolume(await open([{ elements, frames }])));
        expect(error.code).toBe('not-a-volume');
      }
    });
  });
}
