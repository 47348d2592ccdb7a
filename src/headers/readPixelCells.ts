/** How the pixels of one component are stored, and why some pixels cannot be read. */
import { Enums, metaData } from '@cornerstonejs/core';
import { wadors } from '@cornerstonejs/dicom-image-loader';
import { cellFault, isAtBottom } from '../base/voxels/storedBits.js';
import type { CellLayout } from '../base/voxels/storedBits.js';
import {
  DEFLATED_FRAMES,
  EXPLICIT_BIG_ENDIAN,
  NATIVE_SYNTAXES,
  RLE_LOSSLESS,
} from '../base/transferSyntaxUids.js';
import { frameInPath } from './frameHeader.js';
import { parsePart10ImageId } from './part10/part10Files.js';
import { toFiniteNumber } from './readModule.js';
import type { MetadataModule } from './readModule.js';

/**
 * Reads how the pixels of a frame are stored (Image Pixel Module, PS3.3 C.7.6.3, and Floating Point Image Pixel
 * Modules, C.7.6.24 and C.7.6.25). Bits Stored defaults to all bits, and High Bit to the highest of them.
 *
 * @param module - the image pixel module, as Cornerstone's providers give it
 */
export function readCellLayout(module: MetadataModule, imageId: string): CellLayout {
  const read = (name: string): number | undefined => toFiniteNumber(module[name]);
  const bitsAllocated = read('bitsAllocated') ?? 0;
  const bitsStored = read('bitsStored') ?? bitsAllocated;
  const pixelRepresentation = read('pixelRepresentation');
  return {
    bitsAllocated,
    bitsStored,
    highBit: read('highBit') ?? bitsStored - 1,
    isSigned: pixelRepresentation === 1,
    isFloat: hasFloats(bitsAllocated, pixelRepresentation, imageId),
  };
}

/** Pixel Data, Float Pixel Data and Double Float Pixel Data, of which an image has one (PS3.3 C.7.6.3, .24, .25). */
const PIXEL_DATA = '7FE00010';
const FLOAT_PIXEL_DATA = ['7FE00008', '7FE00009'];

/**
 * Headers need not say which pixel data the image has. Headers of whole numbers have a Pixel Representation;
 * headers of floating point have none.
 */
function hasFloats(
  bitsAllocated: number,
  pixelRepresentation: number | undefined,
  imageId: string,
): boolean {
  if (bitsAllocated < 32) {
    return false;
  }
  const instance = wadors.metaDataManager.get(imageId) as
    Readonly<Record<string, unknown>> | undefined;
  if (instance && FLOAT_PIXEL_DATA.some((tag) => instance[tag] !== undefined)) {
    return true;
  }
  return pixelRepresentation === undefined && instance?.[PIXEL_DATA] === undefined;
}

/**
 * Finds out, without a request, why the pixels of a frame cannot be read: for a stream in place of frames, whatever its
 * colours, and for how the values of one component are stored. For imageIds of DICOM files and of DICOMweb only: other
 * image loaders may have pixels that their headers do not describe.
 *
 * @param module - the image pixel module, as Cornerstone's providers give it
 * @returns undefined where nothing is known against it
 */
export function readPixelFault(module: MetadataModule, imageId: string): string | undefined {
  const file = parsePart10ImageId(imageId);
  const isOfDicomWeb = imageId.startsWith('wadors:');
  if (!file && !isOfDicomWeb) {
    return undefined;
  }
  const syntax = readTransferSyntax(imageId);
  const stream = STREAMS.find(({ pattern }) => pattern.test(syntax ?? ''));
  if (stream) {
    return `${stream.fault} (transfer syntax ${syntax})`;
  }
  const hasColors =
    (toFiniteNumber(module['samplesPerPixel']) ?? 1) > 1 ||
    module['photometricInterpretation'] === 'PALETTE COLOR';
  if (hasColors) {
    return undefined;
  }
  const layout = readCellLayout(module, imageId);
  const fault = cellFault(layout);
  if (fault !== undefined) {
    return fault;
  }
  return isOfDicomWeb ? faultOfResponse(layout, module, imageId) : faultOfSyntax(layout, syntax);
}

/** Transfer syntaxes of instances that have no frames of their own. */
const STREAMS = [
  {
    // MPEG-2, MPEG-4 AVC and HEVC, also in fragments (PS3.5 A.4.5 to A.4.9), and SMPTE ST 2110 (A.7 to A.9).
    pattern: /^1\.2\.840\.10008\.1\.2\.(4\.10[0-8](\.1)?|7\.[123])$/,
    fault: 'a video is one stream, in which no frame can be read alone',
  },
  {
    // JPEG 2000 and HTJ2K, also deflated (PS3.5 A.6, A.11).
    pattern: /^1\.2\.840\.10008\.1\.2\.4\.(94|95|204|205)$/,
    fault: 'the pixels are on a JPIP server, for which there is no client',
  },
] as const;

/**
 * A server may send a frame from its first bit on, or from the byte that has its first bit: nothing says which for
 * frames of one bit a pixel behind one that ends within a byte (PS3.5 8.1.1).
 */
function faultOfResponse(
  { bitsAllocated }: CellLayout,
  module: MetadataModule,
  imageId: string,
): string | undefined {
  const [rows, columns] = ['rows', 'columns'].map((name) => toFiniteNumber(module[name]) ?? 0);
  const pixels = (rows as number) * (columns as number);
  return bitsAllocated === 1 && pixels % 8 !== 0 && (frameInPath(imageId) ?? 1) > 1
    ? 'frames of one bit a pixel that do not fill their bytes'
    : undefined;
}

const READ_HERE: ReadonlySet<string> = new Set([...NATIVE_SYNTAXES, DEFLATED_FRAMES, RLE_LOSSLESS]);

/** Of a file, whose pixels come as it has them. */
function faultOfSyntax(layout: CellLayout, syntax: string | undefined): string | undefined {
  const { bitsAllocated, bitsStored, highBit, isFloat } = layout;
  if (syntax === EXPLICIT_BIG_ENDIAN) {
    // In OW the halves are swapped one by one (PS3.5 2016b A.3), and many writers swap all four bytes.
    return bitsAllocated === 32 && !isFloat ? 'big-endian whole numbers of 32 bits' : undefined;
  }
  if (syntax === undefined || READ_HERE.has(syntax)) {
    return undefined;
  }
  if (bitsAllocated > 16 || bitsAllocated === 1) {
    return `compressed values of ${bitsAllocated} bits in transfer syntax ${syntax}`;
  }
  return isAtBottom(layout)
    ? undefined
    : `compressed values of ${bitsStored} bits up to bit ${highBit}`;
}

function readTransferSyntax(imageId: string): string | undefined {
  const module = metaData.get(Enums.MetadataModules.TRANSFER_SYNTAX, imageId) as
    { readonly transferSyntaxUID?: unknown } | undefined;
  const uid = module?.transferSyntaxUID;
  return typeof uid === 'string' && uid !== '' ? uid : undefined;
}
