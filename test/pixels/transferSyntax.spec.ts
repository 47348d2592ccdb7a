import { frameTransferSyntax, IMPLICIT_VR_LITTLE_ENDIAN } from '../../src/pixels/transferSyntax.js';

const JPEG_LS = '1.2.840.10008.1.2.4.80';
const HTJ2K = '1.2.840.10008.1.2.4.201';

describe('frameTransferSyntax', () => {
  for (const [contentType, expected] of [
    [`application/octet-stream; transfer-syntax=${JPEG_LS}`, JPEG_LS],
    [`application/octet-stream;transfer-syntax="${JPEG_LS}"`, JPEG_LS],
    [`image/jphc; Transfer-Syntax = ${JPEG_LS}`, JPEG_LS],
    [`image/jls; charset=binary; transfer-syntax=${HTJ2K}`, HTJ2K],
    ['image/jls', JPEG_LS],
    ['image/jphc; transfer-syntax=*', HTJ2K],
    ['image/jphc; transfer-syntax=', HTJ2K],
    ['IMAGE/JPEG', '1.2.840.10008.1.2.4.50'],
    ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ['image/jll', '1.2.840.10008.1.2.4.70'],
    ['image/jp2', '1.2.840.10008.1.2.4.90'],
    ['image/jxl', '1.2.840.10008.1.2.4.110'],
  ] as const) {
    it(`is what the part says: ${contentType}`, () => {
      // Neither a native length nor the stored syntax speaks against it.
      expect(frameTransferSyntax(contentType, 100, 100, '1.2.3')).toBe(expected);
    });
  }

  for (const contentType of ['application/octet-stream', 'application/octet-stream; a=b', '']) {
    it(`is told by the length of plain octets (${contentType})`, () => {
      expect(frameTransferSyntax(contentType, 100, 100, JPEG_LS)).toBe(IMPLICIT_VR_LITTLE_ENDIAN);
      expect(frameTransferSyntax(contentType, 60, 100, JPEG_LS)).toBe(JPEG_LS);
      expect(frameTransferSyntax(contentType, 60, 100, undefined)).toBe(IMPLICIT_VR_LITTLE_ENDIAN);
    });
  }
});
