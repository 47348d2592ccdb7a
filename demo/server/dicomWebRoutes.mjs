import { errorAnswer, jsonAnswer } from './answer.mjs';
import { multipartRelated } from './multipart.mjs';
import { findInstances, findSeries, findStudies, page } from './qido.mjs';
import { readFrame } from './readFrame.mjs';

/** @typedef {import('./answer.mjs').Answer} Answer */
/** @typedef {import('./part10Index.mjs').Part10Index} Part10Index */
/** @typedef {import('./part10Index.mjs').Instance} Instance */

const DICOM_JSON = 'application/dicom+json';

/**
 * Answers one DICOMweb request (PS3.18 chapter 10): QIDO-RS, WADO-RS metadata and frames.
 *
 * @param {Part10Index} index
 * @param {string} path after the root, without a leading slash: `studies/1.2.3/series`
 * @param {object} request
 * @param {string} request.rootUrl absolute, for Retrieve URL
 * @param {URLSearchParams} request.query
 * @param {boolean} request.singlePart sends one frame without a multipart envelope
 * @returns {Promise<Answer>}
 */
export async function answerDicomWeb(index, path, { rootUrl, query, singlePart }) {
  const parts = path.split('/').map(decodeURIComponent);
  const [collection, studyUID, , seriesUID, , sopUID, , frames] = parts;
  const shape = parts.map((part, i) => (i % 2 === 0 ? part : '*')).join('/');
  const dicomJson = (/** @type {unknown} */ value) =>
    jsonAnswer(value, { contentType: DICOM_JSON });

  if (shape === 'studies') return dicomJson(findStudies(index, rootUrl, query));
  if (shape === 'series') return dicomJson(findSeries(index, rootUrl, query));
  if (shape === 'studies/*/series') {
    const found = findSeries(index, rootUrl, query, studyUID);
    return found.length > 0 ? dicomJson(found) : errorAnswer(404, `No such study: ${studyUID}`);
  }
  if (collection !== 'studies' || studyUID === undefined || seriesUID === undefined) {
    return errorAnswer(404, `No such resource: ${path}`);
  }
  const series = index.findSeries(studyUID, seriesUID);
  if (series === undefined) return errorAnswer(404, `No such series: ${studyUID}/${seriesUID}`);
  if (shape === 'studies/*/series/*/instances') {
    return dicomJson(findInstances(series, rootUrl, query));
  }
  if (shape === 'studies/*/series/*/metadata') {
    return dicomJson(page(series.instances, query).map(({ json }) => json));
  }
  const instance = series.instances.find((each) => each.sopUID === sopUID);
  if (instance === undefined) return errorAnswer(404, `No such resource: ${path}`);
  if (shape === 'studies/*/series/*/instances/*/metadata') return dicomJson([instance.json]);
  if (shape === 'studies/*/series/*/instances/*/frames/*' && frames !== undefined) {
    return answerFrames(instance, frames, singlePart);
  }
  return errorAnswer(404, `No such resource: ${path}`);
}

/**
 * @param {Instance} instance
 * @param {string} frameList numbers from 1 with commas between them
 * @param {boolean} singlePart
 * @returns {Promise<Answer>}
 */
async function answerFrames(instance, frameList, singlePart) {
  const contentType = `application/octet-stream; transfer-syntax=${instance.frameTransferSyntaxUID}`;
  const parts = [];
  for (const number of frameList.split(',')) {
    const body = await readFrame(instance, Number(number));
    if (body === undefined) return errorAnswer(404, `No frame ${number} in ${instance.sopUID}`);
    parts.push({ contentType, body });
  }
  const [only] = parts;
  if (singlePart && only !== undefined && parts.length === 1) {
    return {
      status: 200,
      headers: { 'Content-Type': contentType },
      body: only.body,
      payloadRange: [0, only.body.length],
    };
  }
  const multipart = multipartRelated(parts);
  return {
    status: 200,
    headers: { 'Content-Type': multipart.contentType },
    body: multipart.body,
    payloadRange: multipart.partRanges[0] ?? [0, 0],
  };
}
