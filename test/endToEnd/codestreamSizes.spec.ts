import { startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { addWadorsSeries } from '../support/pixelSeries.js';
import frames from '../support/signedCodecFrames.json';

const SYNTAX = '1.2.840.10008.1.2.4.';

describe('A codestream with the rows and columns of its header exchanged', () => {
  afterEach(stopCornerstone);

  for (const frameWorkers of [0, 1]) {
    for (const [name, syntax, frame] of [
      ['HTJ2K', '201', frames.htSigned16],
      ['JPEG 2000', '90', frames.j2kSigned16],
      ['JPEG-LS', '80', frames.lsUnsigned16],
    ] as const) {
      it(`is an error that names the imageId: ${name}, ${frameWorkers} frame workers`, async () => {
        startCornerstone({ frameWorkers });
        const body = Uint8Array.from(atob(frame), (character) => character.charCodeAt(0));
        const format = {
          rows: frames.columns,
          columns: frames.rows,
          bitsAllocated: 16,
          bitsStored: 16,
          highBit: 15,
          pixelRepresentation: 1,
        } as const;
        const imageIds = addWadorsSeries(format, [body, body], { syntax: `${SYNTAX}${syntax}` });
        const volume = await createVolume(imageIds, { retries: 0 });
        const { failed } = await volume.load();
        expect(failed.map(({ error }) => error.code)).toEqual(['frame-decode', 'frame-decode']);
        expect(failed.map(({ error }) => error.imageIds)).toEqual(imageIds.map((id) => [id]));
        expect(failed[0]?.error.message).toContain(`${frames.columns} columns`);
      });
    }
  }
});
