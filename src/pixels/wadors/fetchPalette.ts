import { StreamingVolumeError, unreadable } from '../../base/errors.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import { raceAbort } from '../../base/timers.js';
import { plainRequest } from '../../base/transport/plainRequest.js';
import { request, requestFailure } from '../../base/transport/request.js';
import { quotable, withoutBlanks } from '../../base/withoutQueries.js';
import { buildPalette } from '../../headers/color/buildPalette.js';
import type { PaletteTable } from '../../headers/color/buildPalette.js';
import { keepPalette, paletteInHeader } from '../../headers/color/readPalette.js';
import type { PaletteTableSource } from '../../headers/color/readPalette.js';
import { toBlock } from '../../headers/headerItem.js';
import type { ValueBlock } from '../../headers/headerItem.js';
import type { FrameDescription } from '../describeFrame.js';
import { isColored } from '../pixelLayout.js';
import type { PixelLayout } from '../pixelLayout.js';
import { readFrameBody } from './multipartFrame.js';

/** Media types of bulk data (PS3.18 8.7.3.3.2); quotes would make browsers ask other origins first. */
const BULK_DATA_HEADERS = {
  Accept: 'multipart/related; type=application/octet-stream, application/octet-stream',
};

/** The longest response with a table: 65536 entries of 16 bits have an eighth of that, in segments up to three times. */
const MAX_TABLE_BYTES = 1024 * 1024;

/** As many tables are kept that have been fetched; a series seldom has more than three. */
const KEPT_TABLES = 96;

const requests = new SharedRequests<Uint8Array>();
/** By address; the oldest first. */
const fetched = new Map<string, Uint8Array>();

/**
 * Adds to a layout the palette of its frame. Tables that a server has as bulk data are fetched once for all frames
 * that refer to them; those of the origin of the frames with the application's hooks, others without: hooks add
 * credentials that are meant for the former.
 *
 * @returns the layout itself where nothing is missing
 * @throws StreamingVolumeError with code `frame-fetch` and the HTTP status, `frame-body`, or `frame-decode` for
 *   tables that are no palette; or `signal.reason`
 */
export function completeLayout(
  imageId: string,
  { layout, palette: source }: FrameDescription,
  signal: AbortSignal,
): PixelLayout | Promise<PixelLayout> {
  if (!source || !isColored(layout)) {
    return layout;
  }
  const { color } = layout;
  const complete = (palette: ReturnType<typeof buildPalette>): PixelLayout => {
    if (typeof palette === 'string') {
      throw unreadable(palette, imageId);
    }
    return { ...layout, color: { ...color, palette } };
  };
  const known = paletteInHeader(source);
  return known === undefined
    ? fetchTables(imageId, source.tables, signal).then((tables) =>
        complete(keepPalette(source, buildPalette(tables))),
      )
    : complete(known);
}

async function fetchTables(
  imageId: string,
  tables: readonly PaletteTableSource[],
  signal: AbortSignal,
): Promise<PaletteTable[]> {
  return Promise.all(
    tables.map(async (table) => ({ ...table, data: await fetchData(imageId, table.data, signal) })),
  );
}

async function fetchData(
  imageId: string,
  data: PaletteTableSource['data'],
  signal: AbortSignal,
): Promise<PaletteTable['data']> {
  const given = 'then' in data ? await provided(imageId, data, signal) : data;
  if (!('uri' in given)) {
    return given;
  }
  const url = resolveAddress(given.uri, imageId);
  const known = fetched.get(url);
  if (known) {
    return known;
  }
  const start = async (sharedSignal: AbortSignal): Promise<Uint8Array> => {
    const table = await fetchTable(url, imageId, sharedSignal);
    fetched.set(url, table);
    const [oldest] = fetched.keys();
    if (fetched.size > KEPT_TABLES && oldest !== undefined) {
      fetched.delete(oldest);
    }
    return table;
  };
  return requests.get(url, start, signal);
}

/** A table that the application gives later. */
async function provided(
  imageId: string,
  data: PromiseLike<unknown>,
  signal: AbortSignal,
): Promise<ValueBlock> {
  let value: unknown;
  try {
    value = await raceAbort(Promise.resolve(data), signal);
  } catch (cause) {
    signal.throwIfAborted();
    throw new StreamingVolumeError(
      'frame-fetch',
      `The table of a palette was not provided: ${cause instanceof Error ? cause.message : String(cause)} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
  const block = toBlock(value);
  if (!block) {
    throw unreadable(
      'the table of a palette that the metadata provider gives has no bytes',
      imageId,
    );
  }
  return block;
}

/**
 * The address of bulk data. A relative one refers to that of the metadata (PS3.18 F.2.6, RFC 3986 5.1.3), which are
 * mostly fetched for a series.
 */
function resolveAddress(uri: string, imageId: string): string {
  const url = new URL(addressOfFrame(imageId), document.baseURI).href;
  const series = /^.*\/series\/[^/?#]+\//.exec(url)?.[0];
  const base = series === undefined ? url : `${series}metadata`;
  if (!URL.canParse(uri, base)) {
    throw new StreamingVolumeError(
      'frame-fetch',
      `The table of a palette is at ${quotable(withoutBlanks(uri))}, which is no address: correct the metadata (${imageId})`,
      { imageIds: [imageId] },
    );
  }
  return new URL(uri, base).href;
}

function addressOfFrame(imageId: string): string {
  return imageId.slice(imageId.indexOf(':') + 1);
}

async function fetchTable(url: string, imageId: string, signal: AbortSignal): Promise<Uint8Array> {
  const limit = new AbortController();
  const limited = AbortSignal.any([limit.signal, signal]);
  const onReceived = (loaded: number): void => {
    if (loaded > MAX_TABLE_BYTES) {
      const message = `The table of a palette has more than ${MAX_TABLE_BYTES} bytes: ${withoutBlanks(url)} (${imageId})`;
      limit.abort(new StreamingVolumeError('frame-body', message, { imageIds: [imageId] }));
    }
  };
  try {
    const { bytes, contentType } = isOfFrames(url, imageId)
      ? await fetchWithHooks(url, imageId, onReceived, limited)
      : await fetchPlainly(url, onReceived, limited);
    return readFrameBody(bytes, contentType, Number.NaN, imageId).bytes;
  } catch (cause) {
    signal.throwIfAborted();
    limit.signal.throwIfAborted();
    if (cause instanceof StreamingVolumeError) {
      throw cause;
    }
    const { what, status, retryAfterMs } = requestFailure(cause);
    throw new StreamingVolumeError(
      'frame-fetch',
      `The request of a palette ${what}: ${withoutBlanks(url)} (${imageId})`,
      { imageIds: [imageId], status, retryAfterMs, cause },
    );
  }
}

function isOfFrames(url: string, imageId: string): boolean {
  const ofFrames = new URL(addressOfFrame(imageId), document.baseURI).origin;
  const { origin } = new URL(url);
  return origin === ofFrames || origin === location.origin;
}

interface TableResponse {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

const OCTETS = 'application/octet-stream';

async function fetchWithHooks(
  url: string,
  imageId: string,
  onReceived: (loaded: number) => void,
  signal: AbortSignal,
): Promise<TableResponse> {
  const { bytes, header } = await request(url, imageId, BULK_DATA_HEADERS, {
    limit: 'frameBytes',
    onReceived: (progress) => {
      onReceived(progress.loaded);
    },
    signal,
  });
  return { bytes, contentType: header('Content-Type') ?? OCTETS };
}

async function fetchPlainly(
  url: string,
  onReceived: (loaded: number) => void,
  signal: AbortSignal,
): Promise<TableResponse> {
  const { bytes, headers } = await plainRequest(url, BULK_DATA_HEADERS, {
    onReceived: ({ loadedBytes }) => {
      onReceived(loadedBytes);
    },
    signal,
  });
  return { bytes, contentType: headers.get('Content-Type') ?? OCTETS };
}
