/**
 * A series that the server sends, and what a page must see of it.
 *
 * @typedef {object} FrameSource
 * @property {number} frameCount
 * @property {SeriesTruth} truth
 * @property {import('../../demo/server/dicomJson.mjs').DicomJson[]} metadata headers of all instances
 *   (PS3.18 F.2), one frame each, from the feet up; their SOP Instance UIDs end in the number of the
 *   frame, from 1
 * @property {(frame: number) => { contentType: string, body: Buffer } | undefined} frame a frame from 0
 *   in its multipart envelope, undefined when there is none
 *
 * @typedef {object} SeriesTruth
 * @property {string} transferSyntax of the frames as they are sent
 * @property {number} intercept what is added to stored values
 * @property {number[]} hashes of the modality values of each frame, as hashOf makes them
 * @property {number[][]} bands for each frame the levels in Hounsfield units of its bands, which are
 *   equally high, from the first row to the last; empty when it has no such bands
 */

export {};
