/** The parsers of what is untrusted, each with what must hold for any input. Runs in Node. */
import { wadors } from '@cornerstonejs/dicom-image-loader';
import type { DataSet } from 'dicom-parser';
import { isStreamingVolumeError } from '../../src/base/errors.js';
import { setDataLimits } from '../../src/base/limits.js';
import { withoutQueries } from '../../src/base/withoutQueries.js';
import { fetchSeries } from '../../src/headers/dicomweb/fetchSeries.js';
import { listSeries } from '../../src/headers/dicomweb/listSeries.js';
import {
  isMisreadByImageLoader,
  parsePart10ImageId,
} from '../../src/headers/part10/part10Files.js';
import { readPart10File } from '../../src/headers/part10/readPart10File.js';
import { readPart10Header } from '../../src/headers/part10/readPart10Header.js';
import { lookUpVr, toDicomJson } from '../../src/headers/part10/toDicomJson.js';
import { cutEncapsulatedFrame } from '../../src/pixels/part10/part10Frame.js';
import { frameUrl } from '../../src/pixels/wadors/fetchFrame.js';
import { beginningOfFrame, readFrameBody } from '../../src/pixels/wadors/multipartFrame.js';

/** Throws for an input for which something does not hold that has to. */
export type Target = (input: Uint8Array<ArrayBuffer>) => Promise<void>;

// Sixteen million frames of one instance are allowed, and take seconds.
setDataLimits({ framesPerFile: 1000 });

const LF = 10;
const MULTIPART_ID = 'wadors:https://pacs.test/frames/1?token=SECRET';

function expectTrue(isTrue: boolean, what: string): void {
  if (!isTrue) {
    throw new Error(what);
  }
}

/** Takes an error that may be: one of this package, of these codes, that does not tell a token. */
function expectError(error: unknown, codes: readonly string[]): void {
  if (!isStreamingVolumeError(error) || !codes.includes(error.code)) {
    throw error;
  }
  expectTrue(!error.message.includes('SECRET'), `the message has a token: ${error.message}`);
}

/** An input is a Content-Type, a line end, and the body. */
async function multipart(input: Uint8Array<ArrayBuffer>): Promise<void> {
  const lineEnd = Math.max(0, input.indexOf(LF));
  const contentType = String.fromCharCode(...input.subarray(0, Math.min(lineEnd, 4096)));
  const body = input.subarray(lineEnd + 1);
  const beginning = beginningOfFrame(body);
  expectTrue(
    (beginning?.length ?? 0) <= body.length,
    'the beginning of a frame is longer than its response',
  );
  for (const nativeLength of [0, 4, 2 ** 40, Number.NaN]) {
    try {
      const { bytes } = readFrameBody(body, contentType, nativeLength, MULTIPART_ID);
      expectTrue(bytes.buffer === body.buffer, 'the frame is a copy');
      expectTrue(bytes.length <= body.length, 'the frame is longer than its response');
    } catch (error) {
      expectError(error, ['frame-body']);
    }
  }
}

async function part10(input: Uint8Array<ArrayBuffer>): Promise<void> {
  for (const total of [undefined, input.length, 2 * input.length]) {
    const reading = await readPart10Header(input, total, lookUpVr);
    if (reading.kind === 'header') {
      JSON.stringify(toDicomJson(reading.header, lookUpVr));
    } else if (reading.kind === 'more') {
      expectTrue(reading.byteLength > input.length, 'no more bytes are asked for than are there');
    }
  }
  let dataSet: DataSet;
  try {
    dataSet = await readPart10File(input, lookUpVr);
  } catch (error) {
    // The loader makes an error of this package of it; these are faults of the reader.
    expectTrue(
      error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError),
      `the file is refused with ${String(error)}`,
    );
    return;
  }
  if (dataSet.elements['x7fe00010']?.fragments) {
    for (const frameNumber of [1, 2, 3]) {
      try {
        const { length } = cutEncapsulatedFrame(dataSet, frameNumber, MULTIPART_ID);
        expectTrue(length <= dataSet.byteArray.length, 'a frame is longer than its file');
      } catch (error) {
        expectError(error, ['frame-body']);
      }
    }
  }
}

/** An input is the body of every response. */
async function dicomJson(input: Uint8Array<ArrayBuffer>): Promise<void> {
  const { fetch } = globalThis;
  globalThis.fetch = () =>
    Promise.resolve(new Response(input, { headers: { 'Content-Type': 'application/dicom+json' } }));
  const service = { wadoRsRoot: 'https://pacs.test/root?token=SECRET', retries: 0 };
  try {
    for (const ask of [
      () => fetchSeries({ ...service, studyInstanceUID: '1', seriesInstanceUID: '2' }),
      () => listSeries({ ...service, studyInstanceUID: '1' }),
    ]) {
      try {
        const found = await ask();
        expectTrue(Array.isArray(found), 'the answer is no list');
      } catch (error) {
        expectError(error, ['series-body', 'limit-exceeded']);
      }
    }
  } finally {
    globalThis.fetch = fetch;
    wadors.metaDataManager.purge();
  }
  expectTrue(
    Object.keys(Object.prototype).length === 0,
    'the prototype of all objects has a member',
  );
}

async function imageIds(input: Uint8Array<ArrayBuffer>): Promise<void> {
  for (const imageId of new TextDecoder().decode(input).split('\n')) {
    const parsed = parsePart10ImageId(imageId);
    if (parsed) {
      const { url, frameNumber } = parsed;
      expectTrue(imageId.includes(':') && url.length < imageId.length, `the address is ${url}`);
      expectTrue(frameNumber >= 0, `the number of the frame is ${frameNumber}`);
      isMisreadByImageLoader(imageId);
    }
    expectTrue(imageId.endsWith(frameUrl(imageId, {})), 'the address is no part of the imageId');
    const shown = withoutQueries(`The request failed (${imageId})`, [imageId]);
    expectTrue(!/[?#][^?#\s)\].,:;'"]/.test(shown), `the message has a query: ${shown}`);
  }
}

export const targets: Readonly<Record<string, Target>> = { multipart, part10, dicomJson, imageIds };
