/** What a frame is asked for with: any transfer syntax, as dicom-image-loader asks for it. */
export const FRAME_HEADERS: Readonly<Record<string, string>> = {
  Accept: 'multipart/related; type=application/octet-stream; transfer-syntax=*',
};

/**
 * The headers that the transport of dicom-image-loader sends for an address: one that names what it
 * accepts itself goes without `Accept`.
 */
export function headersFor(url: string): Readonly<Record<string, string>> {
  return url.includes('accept=') ? {} : FRAME_HEADERS;
}
