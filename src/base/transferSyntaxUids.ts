/** Implicit VR Little Endian, the default transfer syntax (PS3.5 A.1). */
export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';

/** PS3.5 A.2. */
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

/** Highest byte first (PS3.5 2016b A.3, retired). */
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';

/** A data set that is deflated as a whole (PS3.5 A.5). */
export const DEFLATED_EXPLICIT = '1.2.840.10008.1.2.1.99';

/** Native frames in fragments (PS3.5 A.4.11). */
export const ENCAPSULATED_UNCOMPRESSED = '1.2.840.10008.1.2.1.98';

/** Native frames that are deflated one by one (PS3.5 A.4.13). */
export const DEFLATED_FRAMES = '1.2.840.10008.1.2.8.1';

/** PS3.5 A.4.2. */
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';

/** PS3.5 A.4.1. */
export const JPEG_BASELINE = '1.2.840.10008.1.2.4.50';

/**
 * Uncompressed, lowest byte first (PS3.5 A.1, A.2): also once a deflated file (A.5) is inflated, and in
 * fragments (Encapsulated Uncompressed Explicit VR Little Endian, A.4.11).
 */
export const NATIVE_LITTLE_ENDIAN: ReadonlySet<string> = new Set([
  IMPLICIT_LITTLE_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  ENCAPSULATED_UNCOMPRESSED,
  DEFLATED_EXPLICIT,
]);

/** Uncompressed, in either byte order. */
export const NATIVE_SYNTAXES: ReadonlySet<string> = new Set([
  ...NATIVE_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
]);

/** Whether frames of a transfer syntax are compressed; not where it is unknown. */
export function isCompressedSyntax(transferSyntax: string | undefined): boolean {
  return transferSyntax !== undefined && !NATIVE_SYNTAXES.has(transferSyntax);
}

/** JPEG whose samples may have 12 bits: extended, with spectral selection, progressive (PS3.5 2003 A.4.1). */
export const EXTENDED_JPEG: ReadonlySet<string> = new Set(
  [51, 53, 55].map((process) => `1.2.840.10008.1.2.4.${process}`),
);
