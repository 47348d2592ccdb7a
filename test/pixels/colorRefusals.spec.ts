import { metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { checkVolumeEligibility } from '../../src/index.js';
import { byPair, paletteElements } from '../support/colorFrames.js';
import type { TableToWrite, Triple } from '../support/colorFrames.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { clearRequests } from '../support/dicomWebSeries.js';
import { errorOf } from '../support/errorOf.js';
import { addSeries, SOURCES, workersOf } from '../support/pixelSeries.js';
import type { StoredFormat } from '../support/pixelSeries.js';

const SLICES = 3;
const BYTES = { bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 } as const;
const COLOR = { ...BYTES, rows: 2, columns: 4, samplesPerPixel: 3 } as const;
const INDEXED = { ...BYTES, rows: 2, columns: 4, photometricInterpretation: 'PALETTE COLOR' };

const table = (more: Partial<TableToWrite> = {}): TableToWrite => ({
  count: 4,
  first: 0,
  bits: 8,
  data: Uint8Array.of(1, 2, 3, 4),
  ...more,
});
const palette = (more: Partial<TableToWrite>) => paletteElements([table(), table(more), table()]);

interface Refused {
  readonly format: StoredFormat;
  /** A part of the message. */
  readonly why: RegExp;
}

const REFUSED: Readonly<Record<string, Refused>> = {
  'RGB of 16 bits': {
    format: { ...COLOR, bitsAllocated: 16, bitsStored: 16, highBit: 15 },
    why: /16 bits a sample/,
  },
  'four samples': {
    format: { ...COLOR, samplesPerPixel: 4, photometricInterpretation: 'CMYK' },
    why: /4 samples a pixel .* CMYK/,
  },
  'two samples': { format: { ...COLOR, samplesPerPixel: 2 }, why: /2 samples/ },
  YBR_PARTIAL_420: {
    format: { ...COLOR, photometricInterpretation: 'YBR_PARTIAL_420' },
    why: /YBR_PARTIAL_420/,
  },
  'an unknown interpretation': {
    format: { ...COLOR, photometricInterpretation: 'HSV' },
    why: /HSV/,
  },
  'RGB of one sample': {
    format: { ...BYTES, rows: 2, columns: 4, photometricInterpretation: 'RGB' },
    why: /RGB needs 3 samples/,
  },
  'YBR_FULL_422 of an odd number of columns': {
    format: { ...COLOR, columns: 5, photometricInterpretation: 'YBR_FULL_422' },
    why: /even number of columns/,
  },
  'a palette without tables': { format: { ...INDEXED, more: [] }, why: /descriptor of red/ },
  'a palette without data': {
    format: { ...INDEXED, more: palette({}).filter(({ tag }) => tag !== 0x0028_1203) },
    why: /no table of blue/,
  },
  'a palette that is too short': {
    format: { ...INDEXED, more: palette({ count: 9 }) },
    why: /9 entries|mismatch/,
  },
  'a palette of three samples': {
    format: { ...INDEXED, samplesPerPixel: 3, more: palette({}) },
    why: /1 sample a pixel/,
  },
  'a segment of an unknown kind': {
    format: {
      ...INDEXED,
      more: paletteElements([
        table({ isSegmented: true, data: Uint8Array.of(3, 4, 0, 0) }),
        table({ isSegmented: true, data: Uint8Array.of(0, 4, 1, 2, 3, 4) }),
        table({ isSegmented: true, data: Uint8Array.of(0, 4, 1, 2, 3, 4) }),
      ]),
    },
    why: /opcode|segment/,
  },
  'a segment that points to itself': {
    format: {
      ...INDEXED,
      more: paletteElements([
        table({ isSegmented: true, data: Uint8Array.of(2, 1, 0, 0, 0, 0) }),
        table(),
        table(),
      ]),
    },
    why: /segment/,
  },
};

for (const source of SOURCES) {
  describe(`Colours that are not read, over ${source},`, () => {
    beforeEach(() => {
      startCornerstone(workersOf(source));
    });

    afterEach(() => {
      stopCornerstone();
    });

    for (const [name, { format, why }] of Object.entries(REFUSED)) {
      it(`are refused before anything is requested: ${name}`, async () => {
        const frames = Array.from({ length: SLICES }, () => new Uint8Array(64));
        const imageIds = await addSeries(source, format, frames);
        const error = await errorOf(createVolume(imageIds));
        expect(['not-a-volume', 'metadata-missing']).toContain(error.code);
        expect(error.message).toMatch(why);
        expect(error.reasons.some(({ imageIds: { length } }) => length === SLICES)).toBeTrue();
        const { eligible, reasons } = checkVolumeEligibility(imageIds);
        expect(eligible).toBeFalse();
        expect(reasons.map(({ message }) => message).join(' ')).toMatch(why);
      });
    }

    it('are an error of each frame where the bytes are of other samples than the header states', async () => {
      const format = { ...COLOR, photometricInterpretation: 'YBR_FULL_422' };
      const frames = Array.from({ length: SLICES }, () => new Uint8Array(2 * 4 * 3));
      const volume = await createVolume(await addSeries(source, format, frames));
      const { failed } = await volume.load();
      expect(failed.map(({ error }) => error.code)).toEqual(Array(SLICES).fill('frame-size'));
    });

    it('are an error of each frame whose codestream is garbage', async () => {
      const pixels = Array.from({ length: 8 }, (): Triple => [1, 2, 3]);
      for (const syntax of ['jpeg', 'jpeg-ls', 'jpeg-2000'] as const) {
        const format = { ...COLOR, photometricInterpretation: 'YBR_FULL_422' };
        const frames = Array.from({ length: SLICES }, () => byPair(pixels).subarray(1, 12));
        const volume = await createVolume(await addSeries(source, format, frames, { syntax }));
        const { failed } = await volume.load();
        expect(failed.length).withContext(syntax).toBe(SLICES);
      }
    });

    it('are grey values with a warning where a supplemental palette has them', async () => {
      const format: StoredFormat = {
        ...BYTES,
        rows: 2,
        columns: 4,
        more: palette({}),
      };
      const frames = Array.from({ length: SLICES }, () =>
        Uint8Array.of(0, 1, 2, 3, 4, 100, 200, 255),
      );
      const volume = await createVolume(await addSeries(source, format, frames));
      expect((await volume.load()).failed).toEqual([]);
      expect([...volume.getScalarData().subarray(0, 8)]).toEqual([0, 1, 2, 3, 4, 100, 200, 255]);
      expect(volume.geometryReport.warnings.map(({ code }) => code)).toEqual([
        'supplemental-palette',
      ]);
    });
  });
}

describe('A palette that the application provides', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  const data = Uint8Array.of(10, 20, 30, 40);

  for (const [name, provided] of Object.entries({
    'as bytes': data,
    'as words': Uint16Array.from(data),
    'as a list': [...data],
    'as a buffer in a list': [data.buffer],
    'as a promise': Promise.resolve(data),
  })) {
    it(`is applied ${name}`, async () => {
      const more = palette({}).filter(({ tag }) => tag < 0x0028_1201);
      const frames = Array.from({ length: SLICES }, () => Uint8Array.of(0, 1, 2, 3, 0, 1, 2, 9));
      const imageIds = await addSeries('wadors in frame workers', { ...INDEXED, more }, frames);
      const provider = (type: string, imageId: unknown): unknown =>
        type === 'imagePixelModule' && typeof imageId === 'string' && imageIds.includes(imageId)
          ? {
              ...wadors.metaData.metaDataProvider(type, imageId),
              redPaletteColorLookupTableData: provided,
              greenPaletteColorLookupTableData: provided,
              bluePaletteColorLookupTableData: provided,
            }
          : undefined;
      metaData.addProvider(provider, 20_000);
      try {
        const volume = await createVolume(imageIds);
        expect((await volume.load()).failed).toEqual([]);
        expect([...volume.getScalarData().subarray(0, 24)]).toEqual(
          [10, 20, 30, 40, 10, 20, 30, 40].flatMap((grey) => [grey, grey, grey]),
        );
      } finally {
        metaData.removeProvider(provider);
        await clearRequests();
      }
    });
  }
});
