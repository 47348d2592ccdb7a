import { element } from '../../demo/server/writePart10.mjs';

/** @typedef {import('../../demo/server/dicomJson.mjs').DicomJson} DicomJson */

const CT_IMAGE_STORAGE = '1.2.840.10008.5.1.4.1.1.2';

/** Of stored values: they are unsigned, and Hounsfield units below 0 are usual. */
export const INTERCEPT = -1024;

/**
 * The headers of one axial slice of CT (PS3.18 F.2), of 12 in 16 bits, unsigned, rescaled by `INTERCEPT`.
 *
 * @param {object} slice
 * @param {string} slice.studyUID
 * @param {number} slice.number from 1; the last part of its SOP Instance UID
 * @param {number} slice.size edge in pixels
 * @param {number} slice.pixelSpacing in mm
 * @param {number} slice.z position in mm
 * @param {string} slice.transferSyntax of the frame as it is sent
 * @param {number} [slice.timePoint] from 1; default: the series has no time points
 * @returns {DicomJson}
 */
export function ctInstance({ studyUID, number, size, pixelSpacing, z, transferSyntax, timePoint }) {
  const corner = (-size * pixelSpacing) / 2;
  return {
    '00080016': element('UI', CT_IMAGE_STORAGE),
    '00080018': element('UI', `${studyUID}.1.${number}`),
    '00080060': element('CS', 'CT'),
    '00083002': element('UI', transferSyntax),
    '0020000D': element('UI', studyUID),
    '0020000E': element('UI', `${studyUID}.1`),
    '00200013': element('IS', number),
    '00200032': element('DS', corner, corner, z),
    '00200037': element('DS', 1, 0, 0, 0, 1, 0),
    '00200052': element('UI', `${studyUID}.2`),
    ...(timePoint !== undefined && { '00200100': element('IS', timePoint) }),
    '00280002': element('US', 1),
    '00280004': element('CS', 'MONOCHROME2'),
    '00280010': element('US', size),
    '00280011': element('US', size),
    '00280030': element('DS', pixelSpacing, pixelSpacing),
    '00280100': element('US', 16),
    '00280101': element('US', 12),
    '00280102': element('US', 11),
    '00280103': element('US', 0),
    '00281050': element('DS', 0),
    '00281051': element('DS', 2000),
    '00281052': element('DS', INTERCEPT),
    '00281053': element('DS', 1),
    '00281054': element('LO', 'HU'),
  };
}
