import { isStreamingVolumeError } from '../../../src/base/errors.js';
import { readPart10File } from '../../../src/headers/part10/readPart10File.js';
import { cutPart10Frame } from '../../../src/pixels/part10/part10Frame.js';
import type { PixelLayout } from '../../../src/pixels/pixelLayout.js';
import { encapsulate } from '../../support/encapsulate.js';
import { encodePart10 } from '../../support/encodePart10.js';
import { words } from '../../support/imageElements.js';

const LAYOUT: PixelLayout = {
  valueCount: 4,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  isSigned: false,
  isFloat: false,
};
const FRAME = Uint8Array.of(0xff, 0xd8, 0xff, 1);
/** 2^33; more digits than a number has; what is no number of frames. */
const COUNTS = ['8589934592', '9'.repeat(400), '-1', '0', '1.5', 'many', ''];
const lookUpVr = (): undefined => undefined;

describe('A file that claims a number of frames which it has not', () => {
  async function read(count: string, isEncapsulated: boolean, hasTables: boolean) {
    const elements = [{ tag: 0x00280008, vr: 'IS', value: count }];
    if (!isEncapsulated) {
      const pixels = { tag: 0x7fe00010, vr: 'OW', value: words(1, 2, 3, 4) };
      return readPart10File(await encodePart10([...elements, pixels], 'explicit'), lookUpVr);
    }
    const header = await encodePart10(elements, 'jpeg-ls');
    const pixels = encapsulate({
      fragments: [[FRAME]],
      ...(hasTables && { extended: (offsets) => offsets, lengths: [4] }),
    });
    return readPart10File(Uint8Array.from([...header, ...pixels]), lookUpVr);
  }

  for (const count of COUNTS) {
    for (const frame of [1, 2, 2 ** 33, Infinity]) {
      it(`gives frame ${frame} of "${count.slice(0, 12)}", or says that it is not there`, async () => {
        for (const [isEncapsulated, hasTables] of [
          [false, false],
          [true, false],
          [true, true],
        ] as const) {
          const dataSet = await read(count, isEncapsulated, hasTables);
          try {
            const { bytes } = cutPart10Frame(dataSet, frame, LAYOUT, 'wadouri:file');
            expect(frame).toBe(1);
            expect([...bytes]).toEqual(isEncapsulated ? [...FRAME] : [...words(1, 2, 3, 4)]);
          } catch (error) {
            expect(isStreamingVolumeError(error, 'frame-body'))
              .withContext(String(error))
              .toBeTrue();
            expect(frame > 1 || (isEncapsulated && Number(count) > 1)).toBeTrue();
          }
        }
      });
    }
  }
});
