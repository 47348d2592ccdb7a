import type { MissingDetail } from '../DecodedFrame.js';
import { readCodestreamHeader } from './codestreamHeader.js';
import type { ByteSpan, CodestreamHeader } from './codestreamHeader.js';
import { readPackets, resolutionSize } from './packets.js';
import type { ReceivedPackets } from './packets.js';

/** A codestream of its own that was made of the beginning of a larger one. */
export interface ReducedCodestream extends MissingDetail {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly columns: number;
  readonly rows: number;
  readonly components: number;
  /** Size of the frame of the larger one. */
  readonly frameSize: { readonly columns: number; readonly rows: number };
  readonly isHighThroughput: boolean;
}

/**
 * Makes a codestream of the highest resolution, and then of the most quality layers, that the beginning of a codestream has
 * whole: a frame of fewer columns and rows that any decoder decodes, since the packets of lower resolutions
 * are the same in both (ITU-T T.800 B.9).
 *
 * @param bytes - from the first byte of the codestream on; bytes behind it do not matter
 * @param leastMissing - resolutions that are left out also where they have come
 * @returns undefined while nothing is there whole, where everything is (and nothing is left out), or for anything that
 *   {@link readCodestreamHeader} and {@link readPackets} do not read
 */
export function reduceCodestream(
  bytes: Uint8Array,
  leastMissing = 0,
): ReducedCodestream | undefined {
  const header = readCodestreamHeader(bytes);
  const received = header && readPackets(bytes, header);
  const highest = received && highestWhole(header, received, leastMissing);
  if (!highest) {
    return undefined;
  }
  const { resolution, layers } = highest;
  const missingLevels = header.levels - resolution;
  const missingLayers = header.layers - layers;
  if (missingLevels === 0 && missingLayers === 0) {
    return undefined;
  }
  const packets = received.packets.filter(
    (packet) => packet.resolution <= resolution && packet.layer < layers,
  );
  const size = resolutionSize(header, missingLevels);
  return {
    bytes: concatenate([
      Uint8Array.of(0xff, 0x4f),
      sizeSegment(bytes, header.siz, size),
      ...(header.cap ? [spanOf(bytes, header.cap)] : []),
      codingSegment(bytes, header, resolution, layers),
      quantizationSegment(bytes, header, resolution),
      ...tileOf(packets.map((packet) => spanOf(bytes, packet))),
      Uint8Array.of(0xff, 0xd9),
    ]),
    ...size,
    components: header.components,
    frameSize: { columns: header.columns, rows: header.rows },
    missingLevels,
    missingLayers,
    isHighThroughput: header.isHighThroughput,
  };
}

/** The highest resolution with a whole layer, and the whole layers that it and all below have. */
function highestWhole(
  { levels, layers }: CodestreamHeader,
  { packets, packetsOf }: ReceivedPackets,
  leastMissing: number,
): { readonly resolution: number; readonly layers: number } | undefined {
  const counts = packetsOf.map(() => new Array<number>(layers).fill(0));
  for (const { resolution, layer } of packets) {
    const ofResolution = counts[resolution] as number[];
    ofResolution[layer] = (ofResolution[layer] as number) + 1;
  }
  let best: { resolution: number; layers: number } | undefined;
  let common = layers;
  for (let resolution = 0; resolution <= levels - Math.min(leastMissing, levels); resolution++) {
    const whole = (counts[resolution] as number[]).findIndex(
      (count) => count < (packetsOf[resolution] as number),
    );
    common = Math.min(common, whole < 0 ? layers : whole);
    if (common === 0) {
      break;
    }
    best = { resolution, layers: common };
  }
  return best;
}

function spanOf(bytes: Uint8Array, { start, end }: ByteSpan): Uint8Array {
  return bytes.subarray(start, end);
}

/** SIZ (T.800 A.5.1) of a smaller frame in one tile. */
function sizeSegment(
  bytes: Uint8Array,
  siz: ByteSpan,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Uint8Array {
  const segment = spanOf(bytes, siz).slice();
  const view = new DataView(segment.buffer);
  for (const at of [6, 22]) {
    view.setUint32(at, columns);
    view.setUint32(at + 4, rows);
  }
  return segment;
}

/** COD (T.800 A.6.1) with fewer decompositions and layers. */
function codingSegment(
  bytes: Uint8Array,
  { cod, levels }: CodestreamHeader,
  resolution: number,
  layers: number,
): Uint8Array {
  const whole = spanOf(bytes, cod);
  const hasPrecincts = ((whole[4] as number) & 1) === 1;
  const segment = whole.slice(
    0,
    hasPrecincts ? whole.length - (levels - resolution) : whole.length,
  );
  const view = new DataView(segment.buffer);
  view.setUint16(2, segment.length - 2);
  view.setUint16(6, layers);
  view.setUint8(9, resolution);
  return segment;
}

/** Step sizes of each subband, from the lowest (T.800 A.6.4); derived ones (style 1) are those of the lowest alone. */
function quantizationSegment(
  bytes: Uint8Array,
  { qcd }: CodestreamHeader,
  resolution: number,
): Uint8Array {
  const whole = spanOf(bytes, qcd);
  const style = (whole[4] as number) & 31;
  if (style === 1) {
    return whole;
  }
  const segment = whole.slice(0, 5 + (3 * resolution + 1) * (style === 0 ? 1 : 2));
  new DataView(segment.buffer).setUint16(2, segment.length - 2);
  return segment;
}

/** One tile-part (T.800 A.4.2, A.4.3). */
function tileOf(packets: readonly Uint8Array[]): Uint8Array[] {
  const head = new Uint8Array(14);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0xff90);
  view.setUint16(2, 10);
  view.setUint32(
    6,
    packets.reduce((sum, { length }) => sum + length, head.length),
  );
  view.setUint8(11, 1);
  view.setUint16(12, 0xff93);
  return [head, ...packets];
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
