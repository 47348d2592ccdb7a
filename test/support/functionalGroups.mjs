import { element } from '../../demo/server/writePart10.mjs';

/** @typedef {import('../../demo/server/dicomJson.mjs').DicomJson} DicomJson */

/**
 * The functional groups of one frame.
 *
 * @typedef {object} FrameGroups
 * @property {readonly number[]} [position]
 * @property {readonly number[]} [orientation]
 * @property {number} [slope]
 * @property {number} [intercept]
 */

/**
 * The functional groups of an enhanced image (PS3.3 C.7.6.16), as far as needed for geometry and values:
 * Plane Position, Plane Orientation and Pixel Value Transformation of each frame, and the shared Pixel
 * Measures.
 *
 * @param {{ pixelSpacing: readonly number[], sliceThickness: number }} measures in mm
 * @param {readonly FrameGroups[]} frames in the order of the file
 * @returns {DicomJson}
 */
export function functionalGroups({ pixelSpacing, sliceThickness }, frames) {
  const shared = {
    '00289110': element('SQ', {
      '00180050': element('DS', sliceThickness),
      '00280030': element('DS', ...pixelSpacing),
    }),
  };
  return {
    52009229: element('SQ', shared),
    52009230: element('SQ', ...frames.map(groupsOfFrame)),
  };
}

/**
 * @param {FrameGroups} frame
 * @returns {DicomJson}
 */
function groupsOfFrame({ position, orientation, slope, intercept = 0 }) {
  return {
    ...(position && { '00209113': element('SQ', { '00200032': element('DS', ...position) }) }),
    ...(orientation && {
      '00209116': element('SQ', { '00200037': element('DS', ...orientation) }),
    }),
    ...(slope !== undefined && {
      '00289145': element('SQ', {
        '00281052': element('DS', intercept),
        '00281053': element('DS', slope),
        '00281054': element('LO', 'US'),
      }),
    }),
  };
}
