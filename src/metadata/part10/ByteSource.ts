import { StreamingVolumeError } from '../../errors.js';
import { request } from '../../transport/request.js';
import type { TransportResponse } from '../../transport/request.js';

/** Bytes of a file. */
export interface ByteRange {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Whether the whole file came, from its first byte. */
  readonly isWhole: boolean;
  /** Length of the file, where it is known. */
  readonly totalBytes: number | undefined;
}

/** Reads a file piece by piece. */
export interface ByteSource {
  /**
   * Reads from `start` up to, and without, `end`: fewer bytes at the end of the file, none behind it,
   * and the whole file where only that can be had.
   */
  readonly read: (start: number, end: number) => Promise<ByteRange>;
}

/** A file that the user has chosen. */
export function fileSource(file: Blob): ByteSource {
  return {
    read: async (start, end) => {
      const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
      return { bytes, isWhole: false, totalBytes: file.size };
    },
  };
}

/** A file behind an address (RFC 9110 14: range requests). */
export function httpSource(
  url: string,
  imageId: string,
  signal: AbortSignal | undefined,
): ByteSource {
  return {
    read: async (start, end) => {
      const headers = { Range: `bytes=${start}-${end - 1}` };
      let response: TransportResponse;
      try {
        response = await request(url, imageId, headers, signal);
      } catch (cause) {
        if (isBehindEnd(cause)) {
          return { bytes: new Uint8Array(0), isWhole: false, totalBytes: start };
        }
        throw cause;
      }
      const { bytes, status, header } = response;
      throwIfPage(bytes, header('Content-Type'), imageId);
      if (status !== 206) {
        return { bytes, isWhole: true, totalBytes: bytes.length };
      }
      return partOf(bytes, start, end, header('Content-Range'), imageId);
    },
  };
}

/** @param contentRange - null for a server of another origin that does not expose it */
function partOf(
  bytes: Uint8Array<ArrayBuffer>,
  start: number,
  end: number,
  contentRange: string | null,
  imageId: string,
): ByteRange {
  const [, from = '', to = '', total = ''] =
    /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(contentRange ?? '') ?? [];
  const promised = from === '' ? undefined : Number(to) - Number(from) + 1;
  if (promised !== undefined && (Number(from) !== start || promised !== bytes.length)) {
    throw new StreamingVolumeError(
      'header-truncated',
      `The server promised bytes ${from} to ${to} of a file and sent ${bytes.length} (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  const atEnd = start + bytes.length < end ? start + bytes.length : undefined;
  const totalBytes = /^\d+$/.test(total) ? Number(total) : atEnd;
  return { bytes, isWhole: start === 0 && bytes.length === totalBytes, totalBytes };
}

/** 416 Range Not Satisfiable: nothing begins there. */
function isBehindEnd(cause: unknown): boolean {
  return cause instanceof XMLHttpRequest && cause.status === 416;
}

/** A page that asks to sign in comes with status 200 as often as not. */
function throwIfPage(bytes: Uint8Array, contentType: string | null, imageId: string): void {
  const text = new TextDecoder('iso-8859-1').decode(bytes.subarray(0, 256));
  if (/^text\/html\b/i.test(contentType ?? '') || /^\s*<(!doctype html|html)/i.test(text)) {
    throw new StreamingVolumeError(
      'header-html',
      `The server answered with an HTML page instead of a DICOM file (${imageId})`,
      { imageIds: [imageId] },
    );
  }
}
