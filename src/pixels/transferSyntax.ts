/** Implicit VR Little Endian, what a frame is in when nothing says otherwise (PS3.5 A.1). */
export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';

/** Uncompressed, highest byte first (PS3.5 2016b A.3, retired). */
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** Native frames that are deflated one by one (PS3.5 A.4.13). */
export const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';

/** PS3.5 A.4.2. */
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/**
 * Uncompressed, lowest byte first (PS3.5 A.1, A.2): also once a deflated file (A.5) is inflated, and in
 * fragments (Encapsulated Uncompressed Explicit VR Little Endian, A.4.11).
 */
export const NATIVE_LITTLE_ENDIAN: ReadonlySet<string> = new Set([
  IMPLICIT_VR_LITTLE_ENDIAN,
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.1.98',
  '1.2.840.10008.1.2.1.99',
]);

/** Media types that stand for one transfer syntax (PS3.18 table 8.7.3-5). */
const SYNTAX_OF_MEDIA_TYPE: Readonly<Record<string, string>> = {
  'image/jpeg': '1.2.840.10008.1.2.4.50',
  'image/dicom-rle': '1.2.840.10008.1.2.5',
  'image/x-dicom-rle': '1.2.840.10008.1.2.5',
  'image/jls': '1.2.840.10008.1.2.4.80',
  'image/x-jls': '1.2.840.10008.1.2.4.80',
  'image/jll': '1.2.840.10008.1.2.4.70',
  'image/jp2': '1.2.840.10008.1.2.4.90',
  'image/jpx': '1.2.840.10008.1.2.4.92',
  'image/jphc': '1.2.840.10008.1.2.4.201',
  'image/jxl': '1.2.840.10008.1.2.4.110',
  'application/x-deflate': '1.2.840.10008.1.2.8.1',
};

/**
 * The transfer syntax that a frame came in.
 *
 * The `transfer-syntax` parameter of the part decides, then its media type. A part of plain octets is
 * native when it has the length of a native frame, and otherwise in the syntax of the stored instance:
 * servers that pass a compressed frame through do not always say so.
 *
 * @param contentType - header of the part or response
 * @param storedSyntax - Available Transfer Syntax UID of the instance, where it is known
 */
export function frameTransferSyntax(
  contentType: string,
  byteLength: number,
  nativeLength: number,
  storedSyntax: string | undefined,
): string {
  const [mediaType = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.trim().toLowerCase() === 'transfer-syntax') {
      const syntax = value.trim().replaceAll('"', '');
      if (syntax !== '' && syntax !== '*') {
        return syntax;
      }
    }
  }
  const ofMediaType = SYNTAX_OF_MEDIA_TYPE[mediaType.toLowerCase()];
  if (ofMediaType) {
    return ofMediaType;
  }
  return byteLength === nativeLength
    ? IMPLICIT_VR_LITTLE_ENDIAN
    : (storedSyntax ?? IMPLICIT_VR_LITTLE_ENDIAN);
}
