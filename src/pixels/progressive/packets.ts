import type { CodestreamHeader } from './codestreamHeader.js';
import { PacketBits } from './PacketBits.js';
import { TagTree } from './TagTree.js';

/** One packet of a codestream: what a layer adds to a precinct of a resolution of a component (T.800 B.9). */
export interface Packet {
  /** From 0, the lowest. */
  readonly resolution: number;
  /** From 0, the first. */
  readonly layer: number;
  readonly start: number;
  /** Index behind its last byte. */
  readonly end: number;
}

/** The packets of a codestream that have come. */
export interface ReceivedPackets {
  readonly packets: readonly Packet[];
  /** Packets that each resolution has in each layer. */
  readonly packetsOf: readonly number[];
}

/** The code blocks of one subband in a precinct, and what earlier layers said of them. */
interface Blocks {
  readonly columns: number;
  readonly rows: number;
  readonly inclusion: TagTree;
  readonly zeroPlanes: TagTree;
  readonly included: Uint8Array;
  /** Lblock of each (T.800 B.10.7.1). */
  readonly lengthBits: Uint8Array;
}

/**
 * Finds the packets at the beginning of a codestream by reading their headers (T.800 B.10).
 *
 * @param bytes - the end may not have come yet; a packet of which a byte is missing is left out
 * @returns undefined where the order of the packets is not read here: by position, in several precincts
 */
export function readPackets(
  bytes: Uint8Array,
  header: CodestreamHeader,
): ReceivedPackets | undefined {
  const grid = precinctGrid(header);
  const packetsOf = grid.map(({ columns, rows }) => columns * rows * header.components);
  const order = packetOrder(header, grid);
  if (!order) {
    return undefined;
  }
  const packets: Packet[] = [];
  const precincts = new Map<number, readonly Blocks[]>();
  const bodies = header.bodies.values();
  let body = bodies.next().value;
  let at = body?.start ?? 0;
  for (const { resolution, layer, component, precinct } of order) {
    while (body && at >= body.end) {
      body = bodies.next().value;
      at = body?.start ?? 0;
    }
    if (!body) {
      break;
    }
    const key = (precinct * header.components + component) * (header.levels + 1) + resolution;
    const blocks = precincts.get(key) ?? blocksOf(header, resolution, precinct);
    precincts.set(key, blocks);
    const end = packetEnd(bytes, at, Math.min(body.end, bytes.length), blocks, layer, header);
    if (end === undefined) {
      break;
    }
    packets.push({ resolution, layer, start: at, end });
    at = end;
  }
  return { packets, packetsOf };
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
}

/** Number of precincts of each resolution (T.800 B.6). */
function precinctGrid(header: CodestreamHeader): Grid[] {
  return header.precincts.map(([x, y], resolution) => {
    const size = resolutionSize(header, header.levels - resolution);
    return { columns: Math.ceil(size.columns / 2 ** x), rows: Math.ceil(size.rows / 2 ** y) };
  });
}

/** Size of a frame without its highest decompositions (T.800 B.5). */
export function resolutionSize(
  { columns, rows }: Pick<CodestreamHeader, 'columns' | 'rows'>,
  missingLevels: number,
): Grid {
  const scale = 2 ** missingLevels;
  return { columns: Math.ceil(columns / scale), rows: Math.ceil(rows / scale) };
}

interface PacketPlace {
  readonly resolution: number;
  readonly layer: number;
  readonly component: number;
  readonly precinct: number;
}

/** The places of all packets in the order of the codestream (T.800 B.12.1). */
function packetOrder(
  { order, layers, levels, components }: CodestreamHeader,
  grid: readonly Grid[],
): Iterable<PacketPlace> | undefined {
  const sizes = {
    L: () => layers,
    R: () => levels + 1,
    C: () => components,
    P: (resolution: number) => (grid[resolution]?.columns ?? 0) * (grid[resolution]?.rows ?? 0),
  };
  const isWhole = grid.every(({ columns, rows }) => columns === 1 && rows === 1);
  // Positions come before resolutions only where each has one precinct, the same for all.
  const nesting = { LRCP: 'LRCP', RLCP: 'RLCP', RPCL: 'RPCL', PCRL: 'CRL', CPRL: 'CRL' }[order];
  if (nesting === 'CRL' && !isWhole) {
    return undefined;
  }
  return nested(nesting, sizes, { resolution: 0, layer: 0, component: 0, precinct: 0 });
}

const FIELDS = { L: 'layer', R: 'resolution', C: 'component', P: 'precinct' } as const;

function* nested(
  nesting: string,
  sizes: Readonly<Record<string, (resolution: number) => number>>,
  place: PacketPlace,
): Generator<PacketPlace> {
  const loop = nesting[0] as keyof typeof FIELDS | undefined;
  if (loop === undefined) {
    yield place;
    return;
  }
  const count = sizes[loop]?.(place.resolution) ?? 0;
  for (let index = 0; index < count; index++) {
    yield* nested(nesting.slice(1), sizes, { ...place, [FIELDS[loop]]: index });
  }
}

/** The code blocks of a precinct: of its one subband at the lowest resolution, else of HL, LH and HH (T.800 B.7). */
function blocksOf(header: CodestreamHeader, resolution: number, precinct: number): Blocks[] {
  const { columns, rows } = resolutionSize(header, header.levels - resolution);
  const [precinctX, precinctY] = header.precincts[resolution] as readonly [number, number];
  const isLowest = resolution === 0;
  const perRow = Math.ceil(columns / 2 ** precinctX);
  const [atX, atY] = [precinct % perRow, Math.floor(precinct / perRow)];
  const low = isLowest
    ? { columns, rows }
    : { columns: Math.ceil(columns / 2), rows: Math.ceil(rows / 2) };
  const high = { columns: Math.floor(columns / 2), rows: Math.floor(rows / 2) };
  const bands = isLowest
    ? [low]
    : [{ columns: high.columns, rows: low.rows }, { columns: low.columns, rows: high.rows }, high];
  const across = (place: number, precinctSize: number, blockSize: number, length: number) => {
    const inBand = isLowest ? precinctSize : precinctSize - 1;
    const start = place * 2 ** inBand;
    const end = Math.min(start + 2 ** inBand, length);
    const size = 2 ** Math.min(blockSize, inBand);
    return end > start ? Math.ceil(end / size) - Math.floor(start / size) : 0;
  };
  const [blockX, blockY] = header.codeBlock;
  return bands.map((band) => {
    const blockColumns = across(atX, precinctX, blockX, band.columns);
    const blockRows = across(atY, precinctY, blockY, band.rows);
    const count = blockColumns * blockRows;
    return {
      columns: count === 0 ? 0 : blockColumns,
      rows: count === 0 ? 0 : blockRows,
      inclusion: new TagTree(blockColumns, blockRows),
      zeroPlanes: new TagTree(blockColumns, blockRows),
      included: new Uint8Array(count),
      lengthBits: new Uint8Array(count).fill(3),
    };
  });
}

const SOP = 0x91;
const EPH = 0x92;

/** More planes of bits than any sample has: a header that claims them is damaged. */
const MOST_PLANES = 80;

/** @returns the index behind the packet; undefined where it is not there whole, or is damaged */
function packetEnd(
  bytes: Uint8Array,
  start: number,
  limit: number,
  blocks: readonly Blocks[],
  layer: number,
  { isHighThroughput, hasEph }: CodestreamHeader,
): number | undefined {
  const hasSop = bytes[start] === 0xff && bytes[start + 1] === SOP;
  const bits = new PacketBits(bytes, hasSop ? start + 6 : start, limit);
  let bodyLength = 0;
  if (bits.read() === 1) {
    for (const band of blocks) {
      for (let index = 0; index < band.included.length; index++) {
        const length = blockLength(bits, band, index, layer, isHighThroughput);
        if (length === undefined || bits.isExhausted) {
          return undefined;
        }
        bodyLength += length;
      }
    }
  }
  const headerEnd = bits.align();
  const isMarked = hasEph && bytes[headerEnd] === 0xff && bytes[headerEnd + 1] === EPH;
  const end = headerEnd + (isMarked ? 2 : 0) + bodyLength;
  return bits.isExhausted || end > limit ? undefined : end;
}

/** @returns the bytes of a code block in this packet; undefined where the header is damaged or cut off */
function blockLength(
  bits: PacketBits,
  { columns, inclusion, zeroPlanes, included, lengthBits }: Blocks,
  index: number,
  layer: number,
  isHighThroughput: boolean,
): number | undefined {
  const [x, y] = [index % columns, Math.floor(index / columns)];
  const wasIncluded = included[index] === 1;
  const isIncluded = wasIncluded ? bits.read() === 1 : inclusion.isBelow(x, y, layer + 1, bits);
  if (!isIncluded) {
    return 0;
  }
  if (!wasIncluded) {
    included[index] = 1;
    let planes = 1;
    while (!zeroPlanes.isBelow(x, y, planes, bits)) {
      planes += 1;
      if (planes > MOST_PLANES || bits.isExhausted) {
        return undefined;
      }
    }
  }
  const passes = readPasses(bits);
  let growth = 0;
  while (bits.read() === 1) {
    growth += 1;
    if (growth > 32 || bits.isExhausted) {
      return undefined;
    }
  }
  const lengths = (lengthBits[index] as number) + growth;
  lengthBits[index] = lengths;
  if (!isHighThroughput) {
    return bits.readNumber(lengths + Math.floor(Math.log2(passes)));
  }
  // Passes that stand for empty bit-planes come in threes; then the cleanup, and the two of refinement together.
  const placeholders = Math.floor((passes - 1) / 3);
  const first = bits.readNumber(lengths + Math.floor(Math.log2(3 * placeholders + 1)));
  const coded = passes - 3 * placeholders;
  return first + (coded > 1 ? bits.readNumber(lengths + (coded > 2 ? 1 : 0)) : 0);
}

/** Number of coding passes (T.800 table B.4). */
function readPasses(bits: PacketBits): number {
  if (bits.read() === 0) {
    return 1;
  }
  if (bits.read() === 0) {
    return 2;
  }
  const few = bits.readNumber(2);
  if (few < 3) {
    return 3 + few;
  }
  const more = bits.readNumber(5);
  return more < 31 ? 6 + more : 37 + bits.readNumber(7);
}
