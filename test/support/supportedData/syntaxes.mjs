/**
 * A transfer syntax (PS3.6 A).
 *
 * @typedef {object} Syntax
 * @property {string} id
 * @property {string} uid
 * @property {string} name as in the documentation
 * @property {'native' | 'encapsulated'} form of the pixel data in a file (PS3.5 A)
 * @property {number} [error] most by which a voxel may differ from the value that was encoded, in stored values;
 *   default 0
 * @property {'random' | 'smooth' | 'flat'} [values] which values a lossy encoder is given: any, a ramp, or one value
 *   for each block of 8 x 8 pixels. Default: any
 * @property {string} [since] the first version of dicom-image-loader that decodes it
 */

/**
 * Where frames come from, and which thread requests them.
 *
 * @typedef {object} Scheme
 * @property {string} id
 * @property {string} name as in the documentation, in Markdown
 */

/** @type {readonly Scheme[]} */
export const SCHEMES = [
  { id: 'wadors-workers', name: '`wadors:`, frame workers' },
  { id: 'wadors-page', name: '`wadors:`, no workers' },
  { id: 'wadors-hooks', name: '`wadors:`, hooks that need the page' },
  { id: 'wadouri', name: '`wadouri:`' },
  { id: 'dicomfile', name: '`dicomfile:`' },
];

const JPEG = '1.2.840.10008.1.2.4';

/** @type {readonly Syntax[]} */
export const SYNTAXES = [
  {
    id: 'implicit',
    uid: '1.2.840.10008.1.2',
    name: 'Implicit LE',
    form: 'native',
  },
  {
    id: 'explicit',
    uid: '1.2.840.10008.1.2.1',
    name: 'Explicit LE',
    form: 'native',
  },
  {
    id: 'bigEndian',
    uid: '1.2.840.10008.1.2.2',
    name: 'Explicit BE',
    form: 'native',
  },
  {
    id: 'deflated',
    uid: '1.2.840.10008.1.2.1.99',
    name: 'Deflated',
    form: 'native',
  },
  {
    id: 'encapsulated',
    uid: '1.2.840.10008.1.2.1.98',
    name: 'Encapsulated (.98)',
    form: 'encapsulated',
  },
  {
    id: 'deflatedFrames',
    uid: '1.2.840.10008.1.2.8.1',
    name: 'Deflated frames (.8.1)',
    form: 'encapsulated',
  },
  { id: 'rle', uid: '1.2.840.10008.1.2.5', name: 'RLE', form: 'encapsulated' },
  {
    id: 'jpegBaseline',
    uid: `${JPEG}.50`,
    name: 'JPEG baseline (.50)',
    form: 'encapsulated',
    error: 1,
    values: 'flat',
  },
  {
    id: 'jpegExtended',
    uid: `${JPEG}.51`,
    name: 'JPEG extended (.51)',
    form: 'encapsulated',
    error: 1,
    values: 'flat',
  },
  { id: 'jpegLossless', uid: `${JPEG}.57`, name: 'JPEG lossless (.57)', form: 'encapsulated' },
  {
    id: 'jpegLosslessSv1',
    uid: `${JPEG}.70`,
    name: 'JPEG lossless SV1 (.70)',
    form: 'encapsulated',
  },
  { id: 'jpegLs', uid: `${JPEG}.80`, name: 'JPEG-LS (.80)', form: 'encapsulated' },
  {
    id: 'jpegLsNear',
    uid: `${JPEG}.81`,
    name: 'JPEG-LS near-lossless (.81)',
    form: 'encapsulated',
    error: 2,
  },
  { id: 'jpeg2000', uid: `${JPEG}.90`, name: 'JPEG 2000 lossless (.90)', form: 'encapsulated' },
  {
    id: 'jpeg2000Lossy',
    uid: `${JPEG}.91`,
    name: 'JPEG 2000 (.91)',
    form: 'encapsulated',
    error: 2,
    values: 'smooth',
  },
  { id: 'htj2k', uid: `${JPEG}.201`, name: 'HTJ2K lossless (.201)', form: 'encapsulated' },
  {
    id: 'htj2kRpcl',
    uid: `${JPEG}.202`,
    name: 'HTJ2K RPCL (.202)',
    form: 'encapsulated',
  },
  {
    id: 'htj2kLossy',
    uid: `${JPEG}.203`,
    name: 'HTJ2K (.203)',
    form: 'encapsulated',
    error: 2,
    values: 'smooth',
  },
  {
    id: 'jpegXlLossless',
    uid: `${JPEG}.110`,
    name: 'JPEG XL lossless (.110)',
    form: 'encapsulated',
    since: '5.14',
  },
  {
    id: 'jpegXl',
    uid: `${JPEG}.112`,
    name: 'JPEG XL (.112)',
    form: 'encapsulated',
    since: '5.14',
  },
  { id: 'jpip', uid: `${JPEG}.94`, name: 'JPIP (.94)', form: 'native' },
  { id: 'mpeg2', uid: `${JPEG}.100`, name: 'MPEG-2 (.100)', form: 'encapsulated' },
  { id: 'mpeg4', uid: `${JPEG}.102`, name: 'MPEG-4 AVC (.102)', form: 'encapsulated' },
  { id: 'hevc', uid: `${JPEG}.107`, name: 'HEVC (.107)', form: 'encapsulated' },
];
