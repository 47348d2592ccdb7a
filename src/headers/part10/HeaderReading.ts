import type { ByteArrayParser, Element } from 'dicom-parser';

/** The elements of a header, as dicom-parser finds them. */
export interface Part10Header {
  /** The file's bytes; of a deflated file, those that came out of it. */
  readonly bytes: Uint8Array;
  /** Reads numbers in the byte order of the data set; the File Meta Information is little endian. */
  readonly parser: ByteArrayParser;
  /** By tag, `x00280010`. */
  readonly elements: Readonly<Record<string, Element>>;
  readonly transferSyntaxUID: string;
}

/**
 * Why a file has no header that can be read.
 *
 * - `not-dicom`: it does not begin as a Part-10 file does (PS3.10 7.1)
 * - `truncated`: it ends before its elements say that it does
 * - `malformed`: it begins as a Part-10 file, and what follows is no data set
 */
export type HeaderFault = 'not-dicom' | 'truncated' | 'malformed';

/** What the first bytes of a Part-10 file tell. */
export type HeaderReading =
  | { readonly kind: 'header'; readonly header: Part10Header }
  /** `byteLength` bytes from the start of the file are needed, or all where it has fewer. */
  | { readonly kind: 'more'; readonly byteLength: number }
  | { readonly kind: 'error'; readonly fault: HeaderFault; readonly message: string };

/** The VR of a tag (`00280010`) where the file does not say it, or undefined. */
export type VrLookup = (tag: string) => string | undefined;
