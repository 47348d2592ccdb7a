import { segments } from '../decode/codestream.js';

/** The order of the packets of a codestream (ITU-T T.800 B.12): layers, resolutions, components, positions. */
export type ProgressionOrder = 'LRCP' | 'RLCP' | 'RPCL' | 'PCRL' | 'CPRL';

const ORDERS: readonly ProgressionOrder[] = ['LRCP', 'RLCP', 'RPCL', 'PCRL', 'CPRL'];

/** Where bytes are: `end` is the index behind the last one. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** The main header of a JPEG 2000 or HTJ2K codestream, as far as its packets depend on it. */
export interface CodestreamHeader {
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  /** Number of wavelet decompositions; there is one resolution more. */
  readonly levels: number;
  readonly layers: number;
  readonly order: ProgressionOrder;
  readonly isHighThroughput: boolean;
  /** Whether each packet header ends with a marker (EPH). */
  readonly hasEph: boolean;
  /** Binary logarithms of the size of a code block. */
  readonly codeBlock: readonly [x: number, y: number];
  /** Binary logarithms of the size of a precinct, for each resolution from the lowest. */
  readonly precincts: readonly (readonly [x: number, y: number])[];
  /** The marker segments that another header is made of, with marker and length. */
  readonly siz: ByteSpan;
  readonly cap: ByteSpan | undefined;
  readonly cod: ByteSpan;
  readonly qcd: ByteSpan;
  /** The packets of each tile-part, in order. The last one may be cut off. */
  readonly bodies: readonly ByteSpan[];
}

const SOC = 0xff4f;
const CAP = 0xff50;
const SIZ = 0xff51;
const COD = 0xff52;
const QCD = 0xff5c;
const SOT = 0xff90;
const SOD = 0xff93;

/** Markers whose segments change packets in a way that is not read here: COC, RGN, QCC, POC, PPM, PPT (T.800 A.2). */
const UNREAD: ReadonlySet<number> = new Set([0xff53, 0xff5e, 0xff5d, 0xff5f, 0xff60, 0xff61]);

/** Several segments of code blocks: selective bypass and termination on each pass (T.800 table A.19). */
const SEVERAL_SEGMENTS = 0x05;
const HIGH_THROUGHPUT = 0x40;
/** HTJ2K with code blocks of both kinds (T.814 A.4). */
const MIXED = 0xc0;

/** The most packets that are worth to be looked at, whatever a damaged header claims. */
const MOST_LAYERS = 256;
const MOST_COMPONENTS = 4;
/** Memory is allocated for each: in blocks of 32 by 32, a frame of 14000 by 14000 has as many. */
const MOST_BLOCKS = 2 ** 18;
const MOST_PRECINCTS = 2 ** 16;

/**
 * Reads the headers at the beginning of a codestream of one tile whose components have the same size (T.800 A.5,
 * A.6; T.814 A).
 *
 * @param bytes - from the first byte on; the end may not have come yet
 * @returns undefined where the main header is not there whole, or allows what is not read here: then the frame can be
 *   shown only when it is whole
 */
export function readCodestreamHeader(bytes: Uint8Array): CodestreamHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== SOC) {
    return undefined;
  }
  const found = new Map<number, ByteSpan>();
  let tilePart: number | undefined;
  for (const { marker, at } of segments(bytes, 0)) {
    const span = { start: at - 4, end: at - 2 + view.getUint16(at - 2) };
    if (UNREAD.has(marker) || span.end > bytes.length) {
      return undefined;
    }
    if (marker === SOT) {
      tilePart = span.start;
      break;
    }
    found.set(marker, span);
  }
  const [siz, cod, qcd] = [found.get(SIZ), found.get(COD), found.get(QCD)];
  if (tilePart === undefined || !siz || !cod || !qcd) {
    return undefined;
  }
  const size = readSize(view, siz);
  const style = readCodingStyle(view, cod);
  const bodies = readTileParts(view, tilePart);
  const cap = found.get(CAP);
  const isReadable =
    size && style && bodies && (style.isHighThroughput ? !!cap && style.layers === 1 : !cap);
  return isReadable && !hasTooManyParts({ ...size, ...style })
    ? { ...size, ...style, bodies, siz, cap, cod, qcd }
    : undefined;
}

/** Whether a frame is divided into more parts than are worth to be looked at (T.800 B.6, B.7). */
function hasTooManyParts({
  columns,
  rows,
  components,
  levels,
  codeBlock,
  precincts,
}: Pick<CodestreamHeader, 'columns' | 'rows' | 'components'> & CodingStyle): boolean {
  let [blockCount, precinctCount] = [0, 0];
  for (const [resolution, [x, y]] of precincts.entries()) {
    const scale = 2 ** (levels - resolution);
    const [width, height] = [Math.ceil(columns / scale), Math.ceil(rows / scale)];
    const [blockX, blockY] = [Math.min(codeBlock[0], x), Math.min(codeBlock[1], y)];
    blockCount += components * Math.ceil(width / 2 ** blockX) * Math.ceil(height / 2 ** blockY);
    precinctCount += components * Math.ceil(width / 2 ** x) * Math.ceil(height / 2 ** y);
  }
  return blockCount > MOST_BLOCKS || precinctCount > MOST_PRECINCTS;
}

/** @returns undefined for several tiles, an offset, or components of different size */
function readSize(
  view: DataView,
  { start, end }: ByteSpan,
): Pick<CodestreamHeader, 'columns' | 'rows' | 'components'> | undefined {
  if (end - start < 43) {
    return undefined;
  }
  const field = (index: number): number => view.getUint32(start + 6 + 4 * index);
  const [columns, rows, tileColumns, tileRows] = [field(0), field(1), field(4), field(5)];
  const offsets = [field(2), field(3), field(6), field(7)];
  const components = view.getUint16(start + 38);
  const isOneTile = tileColumns >= columns && tileRows >= rows;
  if (
    !isOneTile ||
    columns < 1 ||
    rows < 1 ||
    offsets.some((offset) => offset !== 0) ||
    components < 1 ||
    components > MOST_COMPONENTS ||
    end - start < 40 + 3 * components
  ) {
    return undefined;
  }
  for (let component = 0; component < components; component++) {
    const at = start + 40 + 3 * component;
    if (view.getUint8(at + 1) !== 1 || view.getUint8(at + 2) !== 1) {
      return undefined;
    }
  }
  return { columns, rows, components };
}

type CodingStyle = Pick<
  CodestreamHeader,
  'levels' | 'layers' | 'order' | 'isHighThroughput' | 'hasEph' | 'codeBlock' | 'precincts'
>;

function readCodingStyle(view: DataView, { start, end }: ByteSpan): CodingStyle | undefined {
  if (end - start < 14) {
    return undefined;
  }
  const flags = view.getUint8(start + 4);
  const order = ORDERS[view.getUint8(start + 5)];
  const layers = view.getUint16(start + 6);
  const levels = view.getUint8(start + 9);
  const codeBlock = [view.getUint8(start + 10) + 2, view.getUint8(start + 11) + 2] as const;
  const blockStyle = view.getUint8(start + 12);
  const ownPrecincts = (flags & 1) === 1;
  if (
    !order ||
    layers < 1 ||
    layers > MOST_LAYERS ||
    levels > 32 ||
    (blockStyle & SEVERAL_SEGMENTS) !== 0 ||
    (blockStyle & MIXED) === MIXED ||
    end - start < 14 + (ownPrecincts ? levels + 1 : 0)
  ) {
    return undefined;
  }
  const precincts = Array.from({ length: levels + 1 }, (_, resolution) => {
    const size = ownPrecincts ? view.getUint8(start + 14 + resolution) : 0xff;
    return [size & 15, size >> 4] as const;
  });
  if (precincts.some(([x, y], resolution) => resolution > 0 && (x === 0 || y === 0))) {
    return undefined;
  }
  return {
    levels,
    layers,
    order,
    isHighThroughput: (blockStyle & HIGH_THROUGHPUT) !== 0,
    hasEph: (flags & 4) !== 0,
    codeBlock,
    precincts,
  };
}

/** @returns undefined where the header of a tile-part changes what the main header says */
function readTileParts(view: DataView, first: number): ByteSpan[] | undefined {
  const bodies: ByteSpan[] = [];
  let at = first;
  while (at + 12 <= view.byteLength && view.getUint16(at) === SOT) {
    const length = view.getUint32(at + 6);
    if (view.getUint16(at + 4) !== 0 || (length !== 0 && length < 14)) {
      return undefined;
    }
    // The last tile-part may leave its length out (T.800 A.4.2).
    const end = length === 0 ? view.byteLength : at + length;
    let start = at + 12;
    while (start + 4 <= view.byteLength && view.getUint16(start) !== SOD) {
      const marker = view.getUint16(start);
      if (UNREAD.has(marker) || marker === COD || marker === QCD || marker < 0xff01) {
        return undefined;
      }
      start += 2 + view.getUint16(start + 2);
    }
    if (start + 2 > view.byteLength || view.getUint16(start) !== SOD) {
      break;
    }
    bodies.push({ start: start + 2, end });
    at = end;
  }
  return bodies;
}
