import { metaData } from '@cornerstonejs/core';
import { checkVolumeEligibility } from '../../src/index.js';
import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { encapsulate } from '../support/encapsulate.js';
import type { Encapsulated } from '../support/encapsulate.js';
import { encodeLosslessJpeg, encodeRle } from '../support/encodeFrames.js';
import { encodePart10 } from '../support/encodePart10.js';
import type { TestElement, TestSyntax } from '../support/encodePart10.js';
import { imageElements, slicePixels, sq, text, us, words } from '../support/imageElements.js';
import { encoded, filesFromDisk, filesOverWadouri } from '../support/openSeries.js';
import type { OpenedFile, TestInstance } from '../support/openSeries.js';

const SLICES = 4;
const SLICE_INDICES = [0, 1, 2, 3];
const COLUMNS = 4;
const ROWS = 3;

const WAYS = { wadouri: filesOverWadouri, dicomfile: filesFromDisk };

let seriesCount = 0;

function newSeries(): string {
  seriesCount += 1;
  return `1.2.826.6.${seriesCount}`;
}

function singleFrames(more: readonly TestElement[]): TestInstance[] {
  const series = newSeries();
  return SLICE_INDICES.map((slice) => ({
    elements: imageElements({ series, number: slice + 1, position: [0, 0, 2 * slice], more }),
    frames: [words(...slicePixels(slice))],
  }));
}

const GROUPS: readonly TestElement[] = [
  sq(0x52009229, [
    sq(0x00289110, [text(0x00280030, 'DS', '0.8\\0.7')]),
    sq(0x00209116, [text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0')]),
  ]),
  sq(
    0x52009230,
    ...SLICE_INDICES.map((slice) => [
      sq(0x00209113, [text(0x00200032, 'DS', `0\\0\\${2 * slice}`)]),
    ]),
  ),
];

function multiFrameElements(more: readonly TestElement[] = []): TestElement[] {
  const image = { series: newSeries(), number: 1, frames: SLICES };
  return imageElements({ ...image, more: [...GROUPS, ...more] });
}

const stored = (slice: number): number[] => slicePixels(slice);

async function expectVoxels(
  imageIds: readonly string[],
  value: (slice: number) => readonly number[] = stored,
): Promise<void> {
  expect(checkVolumeEligibility(imageIds).reasons).toEqual([]);
  const volume = await createVolume(imageIds);
  expect(await volume.load()).toEqual({ framesLoaded: SLICES, failed: [] });
  expect([...volume.getScalarData()]).toEqual(SLICE_INDICES.flatMap(value));
}

async function expectFailure(imageIds: readonly string[], message: RegExp): Promise<void> {
  const volume = await createVolume(imageIds, { retries: 0 });
  const { failed } = await volume.load();
  expect(failed.length).toBe(imageIds.length);
  for (const { error } of failed) {
    expect(error).toEqual(jasmine.objectContaining({ code: 'frame-body' }));
    expect(error.message).toMatch(message);
  }
}

/** Elements that a parser has to step over, or into, to get to the pixels. */
const bytes = (count: number): Uint8Array => new Uint8Array(count).fill(0xa5);
/** An item that ends with a delimiter, with one element in implicit VR: (0008,0060) = MR. */
const IMPLICIT_ITEM = Uint8Array.from(
  [
    [0xfe, 0xff, 0x00, 0xe0, 0xff, 0xff, 0xff, 0xff],
    [0x08, 0x00, 0x60, 0x00, 2, 0, 0, 0, 0x4d, 0x52],
    [0xfe, 0xff, 0x0d, 0xe0, 0, 0, 0, 0],
  ].flat(),
);
const ODD_ELEMENTS: readonly TestElement[] = [
  text(0x00090010, 'LO', 'SOMEBODY'),
  { tag: 0x00091001, vr: 'SV', value: bytes(8) },
  { tag: 0x00091002, vr: 'UV', value: bytes(16) },
  { tag: 0x00091003, vr: 'OV', value: bytes(24) },
  { tag: 0x00091004, vr: 'OD', value: bytes(16) },
  { tag: 0x00091005, vr: 'OL', value: bytes(8) },
  { tag: 0x00091006, vr: 'UC', value: 'ab\\cd' },
  { tag: 0x00091007, vr: 'UR', value: 'http://nowhere/' },
  { tag: 0x00091008, vr: 'UN', value: bytes(6) },
  { tag: 0x00091009, vr: 'UN', value: IMPLICIT_ITEM, length: 'undefined' },
  { tag: 0x0009100a, vr: 'SV', value: '' },
];

/** Of an item in little endian, nobody says in which byte order the delimiter behind it is. */
const oddElements = (syntax: TestSyntax): readonly TestElement[] =>
  syntax === 'big-endian'
    ? ODD_ELEMENTS.filter(({ length }) => length === undefined)
    : ODD_ELEMENTS;

const SERIES_WITH: Readonly<Record<string, readonly TestElement[]>> = {
  ...Object.fromEntries(
    ODD_ELEMENTS.slice(1).map((element, index) => [
      `a private ${element.vr} element (${index + 1})`,
      [ODD_ELEMENTS[0] as TestElement, element],
    ]),
  ),
  'all of them': ODD_ELEMENTS,
  'all of them in a sequence': [sq(0x00081140, ODD_ELEMENTS, ODD_ELEMENTS)],
  'all of them in a sequence of undefined length': [
    { ...sq(0x00081140, ODD_ELEMENTS, ODD_ELEMENTS), length: 'undefined' },
  ],
  'all of them in a private sequence': [
    ODD_ELEMENTS[0] as TestElement,
    { ...sq(0x00091011, ODD_ELEMENTS), length: 'undefined' },
  ],
  'an empty sequence': [sq(0x00081140), { ...sq(0x00081199), length: 'undefined' }],
};

const JPEG_LOSSLESS = '1.2.840.10008.1.2.4.70';
const RLE = '1.2.840.10008.1.2.5';

/** A file with these elements and pixel data, in a compressed transfer syntax. */
async function compressedFile(
  elements: readonly TestElement[],
  transferSyntax: string,
  pixels: Encapsulated,
): Promise<OpenedFile> {
  const header = await encodePart10(elements, 'jpeg-ls');
  // Preamble, prefix, and the head of the one element of the File Meta Information.
  header.set(new TextEncoder().encode(transferSyntax.padEnd(22, '\0')), 132 + 8);
  return {
    bytes: Uint8Array.from([...header, ...encapsulate(pixels)]),
    frameCount: pixels.fragments.length,
  };
}

function evenPadded(content: Uint8Array): Uint8Array {
  return content.length % 2 === 0 ? content : Uint8Array.of(...content, 0);
}

const jpeg = (slice: number): Uint8Array =>
  encodeLosslessJpeg({ columns: COLUMNS, rows: ROWS, bits: 16, values: stored(slice) }, 1);
const rle = (slice: number): Uint8Array =>
  encodeRle({ columns: COLUMNS, rows: ROWS, bits: 16, values: stored(slice) });

/** In pieces of an even length; the last has what is left. */
function inPieces(content: Uint8Array, count: number): Uint8Array[] {
  const padded = evenPadded(content);
  const size = 2 * Math.floor(padded.length / count / 2);
  return Array.from({ length: count }, (_, piece) =>
    padded.slice(piece * size, piece === count - 1 ? padded.length : (piece + 1) * size),
  );
}

/** Frames in one piece, or in as many as the index of the frame says. */
const ONE_EACH = SLICE_INDICES.map((slice) => inPieces(jpeg(slice), 1));
const SEVERAL = SLICE_INDICES.map((slice) => inPieces(jpeg(slice), [3, 1, 2, 4][slice] as number));

const right = (offsets: readonly number[]): readonly number[] => offsets;
const wrong = (offsets: readonly number[]): readonly number[] =>
  offsets.map((offset, frame) => offset - 8 * frame);
const cut = (offsets: readonly number[]): readonly number[] => offsets.slice(0, 2);
const zeros = (offsets: readonly number[]): readonly number[] => offsets.map(() => 0);

const ENCAPSULATED: Readonly<Record<string, Encapsulated>> = {
  'one fragment a frame, no table': { fragments: ONE_EACH },
  'one fragment a frame, a basic table': { fragments: ONE_EACH, basic: right },
  'one fragment a frame, a wrong basic table': { fragments: ONE_EACH, basic: wrong },
  'one fragment a frame, a basic table of zeros': { fragments: ONE_EACH, basic: zeros },
  'one fragment a frame, an extended table': {
    fragments: ONE_EACH,
    extended: right,
    lengths: SLICE_INDICES.map((slice) => jpeg(slice).length),
  },
  'one fragment a frame, a wrong extended table': {
    fragments: ONE_EACH,
    extended: wrong,
    lengths: [1e9, 0, 2 ** 52, 1e12],
  },
  'several fragments a frame, a basic table': { fragments: SEVERAL, basic: right },
  'several fragments a frame, an extended table': { fragments: SEVERAL, extended: right },
  'several fragments a frame, no table': { fragments: SEVERAL },
  'several fragments a frame, a wrong basic table': { fragments: SEVERAL, basic: wrong },
  'several fragments a frame, a basic table that is cut off': { fragments: SEVERAL, basic: cut },
  'several fragments a frame, a basic table of zeros': { fragments: SEVERAL, basic: zeros },
  'several fragments a frame, a wrong extended table and a basic one': {
    fragments: SEVERAL,
    basic: right,
    extended: wrong,
  },
  'several fragments a frame, an extended table and a wrong basic one': {
    fragments: SEVERAL,
    basic: wrong,
    extended: right,
  },
  'no delimiter at the end': { fragments: SEVERAL, basic: right, end: [] },
  'bytes behind the delimiter': {
    fragments: ONE_EACH,
    end: [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0, 0xfc, 0xff, 0xfc, 0xff, 9, 9],
  },
};

describe('R6: The parser of headers reads the pixels too:', () => {
  beforeEach(() => {
    startCornerstone();
  });

  afterEach(() => {
    stopCornerstone();
  });

  for (const [scheme, open] of Object.entries(WAYS)) {
    describe(`over ${scheme},`, () => {
      for (const [name, more] of Object.entries(SERIES_WITH)) {
        it(`a series with ${name}`, async () => {
          await expectVoxels(await encoded(open)(singleFrames(more)));
        });
      }

      for (const syntax of ['implicit', 'explicit', 'big-endian', 'deflated'] as const) {
        it(`a file of many frames with all of them: ${syntax}`, async () => {
          await expectVoxels(await openNative(syntax, oddElements(syntax)));
        });

        it(`pixels of 8 bits in words: ${syntax}`, async () => {
          await expectVoxels(await openNative(syntax, BITS_8, true), (slice) =>
            stored(slice).map((value) => value & 0xff),
          );
        });
      }

      async function openNative(
        syntax: TestSyntax,
        more: readonly TestElement[],
        is8Bit = false,
      ): Promise<string[]> {
        const values = SLICE_INDICES.flatMap(stored);
        const pairs = values.flatMap((value, index) =>
          index % 2 === 0 ? [(value & 0xff) | (((values[index + 1] as number) & 0xff) << 8)] : [],
        );
        // Numbers, which the encoder writes in the byte order of the syntax.
        const pixels: TestElement = { tag: 0x7fe00010, vr: 'OW', value: is8Bit ? pairs : values };
        const elements = [...multiFrameElements(more), pixels];
        return open([{ bytes: await encodePart10(elements, syntax), frameCount: SLICES }]);
      }

      for (const [name, pixels] of Object.entries(ENCAPSULATED)) {
        it(`encapsulated frames, ${name}`, async () => {
          const file = await compressedFile(multiFrameElements(), JPEG_LOSSLESS, pixels);
          await expectVoxels(await open([file]));
        });
      }

      for (const [name, basic] of Object.entries({ no: undefined, a: right, 'a wrong': cut })) {
        it(`single frames of many fragments, with ${name} table`, async () => {
          const series = newSeries();
          const files = SLICE_INDICES.map(async (slice) => {
            const image = { series, number: slice + 1, position: [0, 0, 2 * slice] };
            const fragments = [inPieces(jpeg(slice), 3)];
            const table = basic && (() => basic([0, 20, 40]));
            return compressedFile(imageElements(image), JPEG_LOSSLESS, {
              fragments,
              ...(table && { basic: table }),
            });
          });
          await expectVoxels(await open(await Promise.all(files)));
        });
      }

      it('RLE frames of several fragments, by their table', async () => {
        const fragments = SLICE_INDICES.map((slice) => inPieces(rle(slice), 1 + (slice % 2)));
        const pixels = { fragments, basic: right };
        await expectVoxels(await open([await compressedFile(multiFrameElements(), RLE, pixels)]));
      });

      it('refuses to guess which fragments make which RLE frame', async () => {
        const fragments = SLICE_INDICES.map((slice) => inPieces(rle(slice), 1 + (slice % 2)));
        const file = await compressedFile(multiFrameElements(), RLE, { fragments, basic: wrong });
        await expectFailure(
          await open([file]),
          /6 fragments for 4 frames, and nothing says where they begin/,
        );
      });

      it('says that there are fewer fragments than frames', async () => {
        const fragments = [...ONE_EACH.slice(0, 3), []];
        const file = await compressedFile(multiFrameElements(), JPEG_LOSSLESS, { fragments });
        await expectFailure(await open([file]), /3 fragments for 4 frames/);
      });

      it('says that a fragment goes on behind the end of the file', async () => {
        const end = [0xfe, 0xff, 0x00, 0xe0, 0xf0, 0xff, 0xff, 0xff, 1, 2, 3, 4];
        const pixels = { fragments: ONE_EACH, end };
        const file = await compressedFile(multiFrameElements(), JPEG_LOSSLESS, pixels);
        await expectFailure(await open([file]), /a fragment of its pixel data ends at 42949/);
      });
    });
  }

  const BITS_8 = [us(0x00280100, 8), us(0x00280101, 8), us(0x00280102, 7)];

  it('gives 64 bit integers as metadata', async () => {
    const value = new Uint8Array(BigInt64Array.of(-7n, 2n ** 60n).buffer);
    const [imageId] = await encoded(filesOverWadouri)(
      singleFrames([{ tag: 0x00720082, vr: 'SV', value }]),
    );
    const instance = metaData.get('instance', imageId as string) as Record<string, unknown>;
    expect(instance['SelectorSVValue']).toEqual([-7, '1152921504606846976']);
  });
});
