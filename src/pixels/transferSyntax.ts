import { StreamingVolumeError } from '../base/errors.js';
import { quotable } from '../base/withoutQueries.js';
import {
  DEFLATED_FRAMES,
  IMPLICIT_LITTLE_ENDIAN,
  isCompressedSyntax,
  NATIVE_SYNTAXES,
  RLE_LOSSLESS,
} from '../base/transferSyntaxUids.js';
import { readCodestream } from './decode/codestream.js';
import { asUid, namedSyntax, parseMediaType } from './wadors/multipartFrame.js';
import type { FrameBody } from './wadors/multipartFrame.js';

/** The transfer syntaxes of media types without a parameter that names one (PS3.18 8.7.3.3). */
const DEFAULT_OF_MEDIA_TYPE: ReadonlyMap<string, string> = new Map([
  ['image/jpeg', '1.2.840.10008.1.2.4.70'],
  ['image/dicom-rle', RLE_LOSSLESS],
  ['image/x-dicom-rle', RLE_LOSSLESS],
  ['image/jls', '1.2.840.10008.1.2.4.80'],
  ['image/x-jls', '1.2.840.10008.1.2.4.80'],
  ['image/jll', '1.2.840.10008.1.2.4.70'],
  ['image/jp2', '1.2.840.10008.1.2.4.90'],
  ['image/jpx', '1.2.840.10008.1.2.4.92'],
  ['image/jphc', '1.2.840.10008.1.2.4.201'],
  ['image/jxl', '1.2.840.10008.1.2.4.110'],
  ['application/x-deflate', DEFLATED_FRAMES],
]);

/**
 * Determines the transfer syntax of a frame.
 *
 * Octets of the length of a native frame are native where the server names no compression. Anything else
 * is in the syntax that the `transfer-syntax` parameter names, or in that of the stored instance: servers
 * that pass a compressed frame through do not always say so. The codestream takes precedence: its markers
 * decide between the syntaxes of a media type, where no syntax is named, and against a named syntax that
 * cannot begin so.
 *
 * @param nativeLength - bytes of the frame when it is not compressed
 * @param storedSyntax - Available Transfer Syntax UID of the instance, where it is known
 * @throws StreamingVolumeError with code `frame-decode` for a compressed frame whose syntax cannot be
 *   determined, or `frame-body` for a whole DICOM file
 */
export function frameTransferSyntax(
  { bytes, contentType }: FrameBody,
  nativeLength: number,
  storedSyntax: string | undefined,
  imageId: string,
): string {
  const type = parseMediaType(contentType);
  const named = namedSyntax(type);
  const isNativeLength = bytes.length === nativeLength;
  if (named !== undefined && NATIVE_SYNTAXES.has(named) && isNativeLength) {
    return named;
  }
  const stored = asUid(storedSyntax);
  const ofMediaType = DEFAULT_OF_MEDIA_TYPE.get(type.essence);
  const isSaidCompressed = [named, ofMediaType, stored].some(isCompressedSyntax);
  const found = isNativeLength && !isSaidCompressed ? undefined : readCodestream(bytes);
  if (found) {
    const fitting = [named, stored].find(
      (claim) => claim !== undefined && found.fitting.has(claim),
    );
    return fitting ?? found.syntax;
  }
  return (
    named ??
    ofMediaType ??
    syntaxOfOctets(bytes, nativeLength, stored) ??
    failUnnamed(bytes, contentType, nativeLength, imageId)
  );
}

/** The syntax of octets without a named one, which are no codestream of a known kind. */
function syntaxOfOctets(
  { length }: Uint8Array,
  nativeLength: number,
  stored: string | undefined,
): string | undefined {
  if (length === nativeLength || (stored !== undefined && !isCompressedSyntax(stored))) {
    // Octets come with the lowest byte first, also those of a big-endian file (PS3.18 8.7.3.3.2).
    return IMPLICIT_LITTLE_ENDIAN;
  }
  return stored !== undefined && length < nativeLength
    ? stored
    : length > nativeLength
      ? IMPLICIT_LITTLE_ENDIAN
      : undefined;
}

function failUnnamed(
  bytes: Uint8Array,
  contentType: string,
  nativeLength: number,
  imageId: string,
): never {
  throw new StreamingVolumeError(
    'frame-decode',
    `The server sent a compressed frame without naming its transfer syntax: ${bytes.length} bytes of ` +
      `${quotable(contentType) || 'no type'} where a native frame has ${nativeLength} (${imageId})`,
    { imageIds: [imageId] },
  );
}
