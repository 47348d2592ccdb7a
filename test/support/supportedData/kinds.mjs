/**
 * A refusal of a kind of data, or an error of each of its frames.
 *
 * @typedef {object} Refusal
 * @property {readonly string[]} [syntaxes] ids; default: all of the kind
 * @property {readonly string[]} [schemes] ids; default: all
 * @property {string} code of the error
 * @property {string} [reason] code of the reason, of an error `not-a-volume` or `metadata-missing`
 * @property {'creation' | 'load'} when the volume is not created, and no pixels are requested; or `load` reports the
 *   error of each frame
 * @property {string} why for the documentation, in Markdown
 */

/**
 * A kind of DICOM data. The series of each kind is written by the function of the same name in `series.ts`.
 *
 * @typedef {object} Kind
 * @property {string} id
 * @property {string} group heading in the documentation
 * @property {string} name for the documentation, in Markdown
 * @property {'Uint8Array' | 'Int16Array' | 'Uint16Array' | 'Float32Array' | undefined} voxels type of the loaded
 *   volume's array; undefined where there is no volume
 * @property {1 | 3} [components] values for each voxel; default 1
 * @property {number} [error] most by which a voxel may differ from the exact one. Default 0
 * @property {string} values what a voxel is, for the documentation, in Markdown
 * @property {readonly string[]} syntaxes ids
 * @property {readonly Refusal[]} [refused] the first that fits counts
 */

const NATIVE = ['implicit', 'explicit', 'bigEndian', 'deflated'];
const FRAGMENTS = ['encapsulated', 'deflatedFrames'];
const LOSSLESS = ['jpegLossless', 'jpegLosslessSv1', 'jpegLs', 'jpeg2000', 'htj2k', 'htj2kRpcl'];
const LOSSY = ['jpegLsNear', 'jpeg2000Lossy', 'htj2kLossy'];
const JPEG_XL = ['jpegXlLossless', 'jpegXl'];

/** What a kind is tried in that differs from others by its headers alone. */
const USUAL = ['implicit', 'explicit', 'bigEndian', 'deflated', 'rle', 'jpegLs', 'htj2k'];

const WADORS = ['wadors-workers', 'wadors-page', 'wadors-hooks'];
const FILES = ['wadouri', 'dicomfile'];

/** @type {readonly Refusal[]} */
const NO_JPIP = [
  {
    syntaxes: ['jpip'],
    code: 'not-a-volume',
    reason: 'unreadable-pixels',
    when: 'creation',
    why: 'the pixels are on a JPIP server, for which there is no client',
  },
];

const VIDEO = ['mpeg2', 'mpeg4', 'hevc'];

/** @type {readonly Refusal[]} */
const NO_VIDEO = [
  {
    syntaxes: VIDEO,
    code: 'not-a-volume',
    reason: 'unreadable-pixels',
    when: 'creation',
    why: 'a video is one stream, in which no frame can be read alone',
  },
];

const GREY = 'One component';
const IMAGES = 'Modalities';
const COLOUR = 'Colour';
const SHAPES = 'Shapes of volumes';

/** @type {readonly Kind[]} */
export const KINDS = [
  {
    id: 'unsigned12',
    group: GREY,
    name: 'CT, 12 bits stored of 16, unsigned',
    voxels: 'Int16Array',
    values: 'HU, by the rescale; stored values above 4080 of JPEG extended are 4080',
    syntaxes: [
      ...NATIVE,
      ...FRAGMENTS,
      'rle',
      'jpegExtended',
      ...LOSSLESS,
      ...LOSSY,
      ...JPEG_XL,
      'jpip',
    ],
    refused: NO_JPIP,
  },
  {
    id: 'signed16',
    group: GREY,
    name: 'CT, 16 bits, signed',
    voxels: 'Int16Array',
    values: 'HU, by the rescale',
    syntaxes: [...NATIVE, 'rle', ...LOSSLESS, ...LOSSY],
  },
  {
    id: 'unsigned16',
    group: GREY,
    name: 'CT, 16 bits, unsigned, intercept -1024',
    voxels: 'Float32Array',
    values: 'HU; begins as Int16Array, and widens at the first value that it cannot hold',
    syntaxes: [...NATIVE, 'rle', ...LOSSLESS],
  },
  {
    id: 'signed13',
    group: GREY,
    name: '13 bits stored of 16, signed, other bits above them',
    voxels: 'Int16Array',
    values: 'as stored; the bits above are not a part of the value',
    syntaxes: [...NATIVE, 'rle'],
  },
  {
    id: 'highBit',
    group: GREY,
    name: '12 bits stored of 16, up to bit 15 (High Bit)',
    voxels: 'Uint16Array',
    values: 'as stored, shifted down',
    syntaxes: [...NATIVE, 'rle', ...LOSSLESS],
    refused: [
      {
        syntaxes: LOSSLESS,
        schemes: FILES,
        code: 'not-a-volume',
        reason: 'unreadable-pixels',
        when: 'creation',
        why: 'codecs hold samples, and no header says at which bit of a cell these begin',
      },
      {
        syntaxes: LOSSLESS,
        code: 'frame-decode',
        when: 'load',
        why: 'the same; the transfer syntax of a response is known when it is there',
      },
    ],
  },
  {
    id: 'unsigned8',
    group: GREY,
    name: '8 bits, unsigned',
    voxels: 'Uint8Array',
    values: 'as stored',
    syntaxes: [...NATIVE, 'rle', 'jpegBaseline', 'jpegExtended', ...LOSSLESS, ...LOSSY, ...JPEG_XL],
  },
  {
    id: 'signed8',
    group: GREY,
    name: '8 bits, signed',
    voxels: 'Int16Array',
    values: 'as stored',
    syntaxes: [...NATIVE, 'rle', 'jpegLosslessSv1', 'jpegLs', 'jpeg2000', 'htj2k'],
  },
  {
    id: 'oneBit',
    group: GREY,
    name: '1 bit',
    voxels: 'Uint8Array',
    values: '0 and 1',
    syntaxes: NATIVE,
  },
  {
    id: 'unsigned32',
    group: GREY,
    name: '32 bits, unsigned, all values whole in single precision',
    voxels: 'Float32Array',
    values: 'as stored, exact',
    syntaxes: [...NATIVE, 'rle'],
    refused: [
      {
        syntaxes: ['bigEndian'],
        schemes: FILES,
        code: 'not-a-volume',
        reason: 'unreadable-pixels',
        when: 'creation',
        why: 'the order of the two words of a value is not defined',
      },
      {
        syntaxes: ['bigEndian'],
        code: 'frame-decode',
        when: 'load',
        why: 'the same; the transfer syntax of a response is known when it is there',
      },
    ],
  },
  {
    id: 'signed32',
    group: GREY,
    name: '32 bits, signed, all values whole in single precision',
    voxels: 'Float32Array',
    values: 'as stored, exact',
    syntaxes: ['implicit', 'explicit', 'deflated'],
  },
  {
    id: 'unsigned32Beyond',
    group: GREY,
    name: '32 bits, a value that single precision rounds (16777217)',
    voxels: undefined,
    values: 'refused, never rounded',
    syntaxes: ['implicit', 'explicit', 'deflated'],
    refused: [
      {
        code: 'value-out-of-range',
        when: 'load',
        why: 'no array of voxels holds the value',
      },
    ],
  },
  {
    id: 'float32',
    group: GREY,
    name: 'Float Pixel Data',
    voxels: 'Float32Array',
    values: 'as stored',
    syntaxes: NATIVE,
  },
  {
    id: 'float64',
    group: GREY,
    name: 'Double Float Pixel Data',
    voxels: 'Float32Array',
    values: 'in single precision',
    syntaxes: NATIVE,
  },
  {
    id: 'float64Beyond',
    group: GREY,
    name: 'Double Float Pixel Data, a value beyond single precision (1e39)',
    voxels: undefined,
    values: 'refused',
    syntaxes: ['explicit'],
    refused: [
      {
        code: 'value-out-of-range',
        when: 'load',
        why: 'no array of voxels holds the value',
      },
    ],
  },
  {
    id: 'modalityLut',
    group: GREY,
    name: 'Modality LUT Sequence',
    voxels: 'Uint8Array',
    values: 'by the table of each frame',
    syntaxes: ['implicit', 'explicit', 'bigEndian', 'jpegLs'],
  },
  {
    id: 'realWorldValue',
    group: GREY,
    name: 'Real World Value Mapping, no rescale beside it',
    voxels: undefined,
    values: 'refused',
    syntaxes: ['explicit'],
    refused: [
      {
        code: 'not-a-volume',
        reason: 'real-world-value',
        when: 'creation',
        why: 'the mapping is not applied, and voxels would be stored values',
      },
    ],
  },
  {
    id: 'mr',
    group: IMAGES,
    name: 'MR, 16 bits, no rescale',
    voxels: 'Uint16Array',
    values: 'as stored',
    syntaxes: USUAL,
  },
  {
    id: 'ctEnhanced',
    group: IMAGES,
    name: 'Enhanced CT, one file, a rescale for each frame',
    voxels: 'Int16Array',
    values: 'HU, by the rescale of each frame',
    syntaxes: USUAL,
  },
  {
    id: 'mrEnhanced',
    group: IMAGES,
    name: 'Enhanced MR, one file, frames in any order',
    voxels: 'Uint16Array',
    values: 'as stored',
    syntaxes: USUAL,
  },
  {
    id: 'nm',
    group: IMAGES,
    name: 'NM, reconstructed, one file with the position of its first slice (over `wadors:` with headers from `fetchSeries`)',
    voxels: 'Uint16Array',
    values: 'as stored',
    syntaxes: ['implicit', 'explicit', 'rle'],
  },
  {
    id: 'usVolume',
    group: IMAGES,
    name: 'Enhanced US volume, one file with the plane of each frame',
    voxels: 'Uint8Array',
    values: 'as stored',
    syntaxes: ['implicit', 'explicit', 'rle', 'jpegBaseline', 'jpegLs', ...VIDEO],
    refused: NO_VIDEO,
  },
  {
    id: 'usClip',
    group: IMAGES,
    name: 'US clip, one file without planes',
    voxels: undefined,
    values: 'refused',
    syntaxes: ['explicit', 'jpegBaseline', 'mpeg4'],
    refused: [
      {
        code: 'metadata-missing',
        when: 'creation',
        why: 'its frames have no positions in space',
      },
    ],
  },
  {
    id: 'petSuv',
    group: IMAGES,
    name: 'PET in Bq/ml with dose, weight and times, a slope for each slice',
    voxels: 'Float32Array',
    values: 'SUV by body weight; `volume.scaling.PT` has the factors',
    syntaxes: ['implicit', 'explicit', 'deflated', 'rle', 'jpegLs'],
  },
  {
    id: 'petNoWeight',
    group: IMAGES,
    name: 'PET in Bq/ml, no weight',
    voxels: 'Float32Array',
    values: 'Bq/ml, by the slope of each slice',
    syntaxes: ['explicit'],
  },
  {
    id: 'petGml',
    group: IMAGES,
    name: 'PET in g/ml',
    voxels: 'Float32Array',
    values: 'SUV, as stored by the slope of each slice',
    syntaxes: ['explicit'],
  },
  {
    id: 'petPhilips',
    group: IMAGES,
    name: 'PET in counts, with the private SUV scale of Philips',
    voxels: 'Float32Array',
    values: 'SUV by body weight, by the private scale',
    syntaxes: ['implicit', 'explicit'],
  },
  {
    id: 'dose16',
    group: IMAGES,
    name: 'RT Dose, 16 bits, one file, offsets from the first plane',
    voxels: 'Float32Array',
    values: 'Gy, by Dose Grid Scaling',
    syntaxes: ['implicit', 'explicit', 'bigEndian', 'deflated', 'rle'],
  },
  {
    id: 'dose32',
    group: IMAGES,
    name: 'RT Dose, 32 bits, one file, z coordinates, descending',
    voxels: 'Float32Array',
    values: 'Gy, by Dose Grid Scaling',
    syntaxes: ['implicit', 'explicit', 'deflated'],
  },
  {
    id: 'doseSingle',
    group: IMAGES,
    name: 'RT Dose, 16 bits, a file for each plane',
    voxels: 'Float32Array',
    values: 'Gy, by Dose Grid Scaling',
    syntaxes: ['explicit'],
  },
  {
    id: 'segmentation',
    group: IMAGES,
    name: 'Segmentation (BINARY), one segment, one file, frames of whole bytes',
    voxels: 'Uint8Array',
    values: '0 and 1',
    syntaxes: ['implicit', 'explicit', 'deflated'],
  },
  {
    id: 'segmentationOdd',
    group: IMAGES,
    name: 'Segmentation (BINARY), frames that do not fill their last byte',
    voxels: 'Uint8Array',
    values: '0 and 1',
    syntaxes: ['explicit'],
    refused: [
      {
        schemes: WADORS,
        code: 'not-a-volume',
        reason: 'unreadable-pixels',
        when: 'creation',
        why: 'the bit at which a frame begins in its response is not defined',
      },
    ],
  },
  {
    id: 'rgb',
    group: COLOUR,
    name: 'RGB, by pixel (Planar Configuration 0)',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: [...NATIVE, 'rle', 'jpegLs', 'jpeg2000', 'htj2k'],
  },
  {
    id: 'rgbPlanar',
    group: COLOUR,
    name: 'RGB, by plane (Planar Configuration 1)',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: [...NATIVE, 'rle'],
  },
  {
    id: 'ybrFull',
    group: COLOUR,
    name: 'YBR_FULL',
    error: 1,
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: [...NATIVE, 'rle', 'jpegBaseline'],
  },
  {
    id: 'ybrFull422',
    group: COLOUR,
    name: 'YBR_FULL_422',
    error: 1,
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue; two neighbours in a row share their chrominance',
    syntaxes: [...NATIVE, 'jpegBaseline'],
  },
  {
    id: 'ybrRct',
    group: COLOUR,
    name: 'YBR_RCT',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: ['jpeg2000', 'htj2k'],
  },
  {
    id: 'ybrIct',
    group: COLOUR,
    name: 'YBR_ICT',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: ['jpeg2000Lossy', 'htj2kLossy'],
  },
  {
    id: 'palette8',
    group: COLOUR,
    name: 'PALETTE COLOR, tables of 8 bits',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: [...NATIVE, 'rle', 'jpegLosslessSv1', 'jpegLs'],
  },
  {
    id: 'palette16',
    group: COLOUR,
    name: 'PALETTE COLOR, tables of 16 bits',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue: the upper 8 bits of the entries',
    syntaxes: [...NATIVE, 'rle'],
  },
  {
    id: 'palette16Cells',
    group: COLOUR,
    name: 'PALETTE COLOR, pixels of 16 bits, tables that begin at 100',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue; pixels outside the tables have their first or last colour',
    syntaxes: [...NATIVE, 'rle'],
  },
  {
    id: 'paletteSegmented',
    group: COLOUR,
    name: 'PALETTE COLOR, segmented tables',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: ['implicit', 'explicit', 'bigEndian', 'deflated', 'rle'],
  },
  {
    id: 'paletteBulk',
    group: COLOUR,
    name: 'PALETTE COLOR, tables as bulk data (`BulkDataURI`)',
    voxels: 'Uint8Array',
    components: 3,
    values: 'red, green, blue',
    syntaxes: ['explicit'],
  },
  {
    id: 'paletteSupplemental',
    group: COLOUR,
    name: 'MONOCHROME2 with a supplemental palette',
    voxels: 'Uint16Array',
    values: 'as stored; the colours above the grey range are not applied',
    syntaxes: ['implicit', 'explicit', 'rle'],
  },
  {
    id: 'irregular',
    group: SHAPES,
    name: 'Slices that are not equally far apart',
    voxels: undefined,
    values: 'refused by default',
    syntaxes: ['explicit'],
    refused: [
      {
        code: 'not-a-volume',
        reason: 'irregular-spacing',
        when: 'creation',
        why: "slices are not equally far apart; see `onIrregular: 'resample'`",
      },
    ],
  },
  {
    id: 'irregularResampled',
    group: SHAPES,
    name: "The same, `onIrregular: 'resample'`",
    voxels: 'Int16Array',
    values: 'HU, interpolated along the normal',
    syntaxes: ['implicit', 'explicit', 'jpegLs'],
  },
  {
    id: 'tilted',
    group: SHAPES,
    name: 'Tilted gantry',
    voxels: undefined,
    values: 'refused by default',
    syntaxes: ['explicit'],
    refused: [
      {
        code: 'not-a-volume',
        reason: 'gantry-tilt',
        when: 'creation',
        why: "slices do not lie on their normal; see `onIrregular: 'resample'`",
      },
    ],
  },
  {
    id: 'tiltedResampled',
    group: SHAPES,
    name: "The same, `onIrregular: 'resample'`",
    voxels: 'Int16Array',
    values: 'HU, moved back within each slice',
    syntaxes: ['implicit', 'explicit', 'jpegLs'],
  },
  {
    id: 'timePoints',
    group: SHAPES,
    name: '4D, three time points, `cornerstoneStreamingDynamicImageVolume`',
    voxels: 'Uint16Array',
    values: 'as stored, for each time point',
    syntaxes: ['implicit', 'explicit', 'bigEndian', 'rle', 'jpegLs', 'htj2k'],
  },
  {
    id: 'timePointsEnhanced',
    group: SHAPES,
    name: '4D, one enhanced MR file of two time points',
    voxels: 'Uint16Array',
    values: 'as stored, for each time point',
    syntaxes: ['explicit', 'jpegLs'],
  },
  {
    id: 'decimated',
    group: SHAPES,
    name: '`ijkDecimation: [2, 2, 2]`',
    voxels: 'Int16Array',
    values: 'HU of every second voxel of every second slice',
    syntaxes: ['implicit', 'explicit', 'rle', 'jpegLs', 'htj2k'],
  },
  {
    id: 'bounded',
    group: SHAPES,
    name: '`bounds`, a box of voxels',
    voxels: 'Int16Array',
    values: 'HU of the box',
    syntaxes: ['implicit', 'explicit', 'rle', 'jpegLs', 'htj2k'],
  },
  {
    id: 'boundedInMm',
    group: SHAPES,
    name: '`bounds: { world }`, a box in mm',
    voxels: 'Int16Array',
    values: 'HU of the box',
    syntaxes: ['explicit', 'jpegLs'],
  },
];
