import { encapsulate } from '../encapsulate.js';
import { encodeFlatJpeg, encodeLosslessJpeg } from '../encodeFrames.js';
import { encodeRle } from '../encodeRle.js';
import { karmaFixtures } from '../karmaFixtures.js';
import type { Syntax } from './cells.mjs';
import { COLUMNS, nativeBytes, ROWS } from './frames.js';
import type { StoredFrame } from './frames.js';

/** Encodes one frame as a server sends it, or as the fragments of a file have it. */
export async function encodeFrame(
  frame: StoredFrame,
  { id }: Syntax,
): Promise<Uint8Array<ArrayBuffer>> {
  const encode = ENCODERS[id];
  return encode === undefined ? nativeBytes([frame]) : encode(frame);
}

type Encoder = (frame: StoredFrame) => Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>>;

/** By id of the transfer syntax. */
const ENCODERS: Readonly<Record<string, Encoder>> = {
  deflatedFrames: async (frame) => deflate(nativeBytes([frame])),
  bigEndian: (frame) => toBigEndian(nativeBytes([frame]), frame),
  rle: (frame) => {
    const { bitsAllocated, samplesPerPixel = 1 } = frame.format;
    const bytes = nativeBytes([{ ...frame, format: { ...frame.format, isPlanar: false } }]);
    // A segment for each sample, red first; the encoder of cells begins with their last byte.
    const segments = samplesPerPixel === 1 ? bytes : bytes.map((_, i) => bytes[mirrored(i)] ?? 0);
    return own(encodeRle(segments, samplesPerPixel === 1 ? bitsAllocated / 8 : samplesPerPixel));
  },
  jpegBaseline: (frame) => own(flatJpeg(frame)),
  jpegExtended: (frame) => own(flatJpeg(frame)),
  jpegLossless: (frame) => own(encodeLosslessJpeg(cells(frame), 2)),
  jpegLosslessSv1: (frame) => own(encodeLosslessJpeg(cells(frame), 1)),
  jpegLs: async (frame) => byCodec('jpegLs', frame, false),
  jpegLsNear: async (frame) => byCodec('jpegLsNear', frame, false),
  // This encoder reads bytes as unsigned.
  jpeg2000: async (frame) => byCodec('jpeg2000', frame, frame.format.bitsAllocated > 8),
  jpeg2000Lossy: async (frame) => byCodec('jpeg2000Lossy', frame, frame.format.bitsAllocated > 8),
  htj2k: async (frame) => byCodec('htj2k', frame, true),
  htj2kRpcl: async (frame) => byCodec('htj2kRpcl', frame, true),
  htj2kLossy: async (frame) => byCodec('htj2kLossy', frame, true),
  jpegXlLossless: async (frame) => byCodec('jpegXl', frame, false),
  jpegXl: async (frame) => byCodec('jpegXl', frame, false),
  mpeg2: () => own(Uint8Array.of(0, 0, 1, 0xb3, 0x08, 0x00, 0x60, 0x13, 0, 0, 1, 0xb7)),
  mpeg4: () => own(Uint8Array.of(0, 0, 0, 0x14, ...new TextEncoder().encode('ftypisom'))),
  hevc: () => own(Uint8Array.of(0, 0, 0, 0x14, ...new TextEncoder().encode('ftyphvc1'))),
  jpip: () => own(new Uint8Array()),
};

function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}

function mirrored(index: number): number {
  return index - (index % 3) + 2 - (index % 3);
}

/** Values as unsigned cells of 8 or 16 bits. */
function cells({ format, values }: StoredFrame) {
  const bits = format.bitsAllocated === 8 ? (8 as const) : (16 as const);
  return {
    columns: format.columns ?? COLUMNS,
    rows: format.rows ?? ROWS,
    bits,
    values: values.map((value) => value & (2 ** bits - 1)),
  };
}

function flatJpeg({ format, values }: StoredFrame): Uint8Array {
  const { columns = COLUMNS, rows = ROWS, samplesPerPixel = 1, isHalved = false } = format;
  const width = isHalved ? 16 : 8;
  const across = columns / width;
  const blocks = Array.from({ length: across * (rows / 8) }, (_, block) => {
    const pixel = 8 * columns * Math.floor(block / across) + width * (block % across);
    const [first = 0, second = 0, third = 0] = values.slice(samplesPerPixel * pixel);
    return samplesPerPixel === 1 ? first : ([first, second, third] as const);
  });
  return encodeFlatJpeg(blocks, { bits: format.bitsAllocated === 8 ? 8 : 12, across, isHalved });
}

/**
 * Encodes with an encoder of `test/support/codecServer.mjs`.
 *
 * @param hasSign - whether the codestream states the sign of its samples; otherwise they are encoded as cells
 */
async function byCodec(
  encoding: string,
  { format, values }: StoredFrame,
  hasSign: boolean,
): Promise<Uint8Array<ArrayBuffer>> {
  const { columns = COLUMNS, rows = ROWS, samplesPerPixel = 1, bitsAllocated } = format;
  const { bitsStored: bits = bitsAllocated, isSigned = false } = format;
  const samples = values.map((value) => (hasSign ? value : value & (2 ** bits - 1)));
  const frame = { width: columns, height: rows, bits, components: samplesPerPixel };
  const query = new URLSearchParams(
    Object.entries({ ...frame, isSigned: hasSign && isSigned }).map(([name, value]) => [
      name,
      String(value),
    ]),
  );
  const response = await fetch(`${String(karmaFixtures['codecOrigin'])}/${encoding}?${query}`, {
    method: 'POST',
    body: bits <= 8 ? Uint8Array.from(samples) : new Uint8Array(Uint16Array.from(samples).buffer),
  });
  if (!response.ok) {
    throw new Error(await response.text());
  }
  return new Uint8Array(await response.arrayBuffer());
}

/** The pixel data element, and what follows it, of a file. */
export async function encodePixelData(
  frames: readonly StoredFrame[],
  syntax: Syntax,
): Promise<{ readonly element: PixelDataElement } | { readonly encapsulated: number[] }> {
  const [first] = frames;
  if (syntax.form === 'native' && first) {
    const bytes = nativeBytes(frames);
    const value = syntax.id === 'bigEndian' ? toBigEndian(bytes, first) : bytes;
    return { element: { ...elementOf(first), value: padded(value) } };
  }
  const encoded = await Promise.all(frames.map((frame) => encodeFrame(frame, syntax)));
  const fragments = isVideo(syntax) ? encoded.slice(0, 1) : encoded;
  return { encapsulated: encapsulate({ fragments: fragments.map((each) => [padded(each)]) }) };
}

interface PixelDataElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: Uint8Array;
}

const VIDEO: ReadonlySet<string> = new Set(['mpeg2', 'mpeg4', 'hevc']);

function isVideo({ id }: Syntax): boolean {
  return VIDEO.has(id);
}

function elementOf({ format }: StoredFrame): { readonly tag: number; readonly vr: string } {
  const { pixelData = 'integer', bitsAllocated } = format;
  return {
    integer: { tag: 0x7fe00010, vr: bitsAllocated <= 8 ? 'OB' : 'OW' },
    float: { tag: 0x7fe00008, vr: 'OF' },
    double: { tag: 0x7fe00009, vr: 'OD' },
  }[pixelData];
}

/** To an even length (PS3.5 8.1.1, A.4). */
function padded(bytes: Uint8Array): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : Uint8Array.of(...bytes, 0);
}

/** The highest byte of each cell first; cells of 1 bit are in words of 8. */
function toBigEndian(bytes: Uint8Array, { format }: StoredFrame): Uint8Array<ArrayBuffer> {
  return swapped(bytes, Math.max(1, format.bitsAllocated / 8));
}

/** Reverses each group of `unit` bytes. */
export function swapped(bytes: Uint8Array, unit: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (_, i) => bytes[i - (i % unit) + unit - 1 - (i % unit)] ?? 0);
}

async function deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
