/** Transfer syntaxes that say how a header is encoded (PS3.5 A.1 to A.3, A.5). */
export const IMPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const EXPLICIT_BIG_ENDIAN = '1.2.840.10008.1.2.2';
export const DEFLATED_EXPLICIT = '1.2.840.10008.1.2.1.99';
