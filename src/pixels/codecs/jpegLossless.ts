import type { CellHeader, Codec, DecodedCells, LoadCodec } from './Codec.js';

/** The class of the package, as far as it is used. */
interface LosslessDecoder {
  readonly frame: { readonly dimX: number; readonly dimY: number; readonly numComp: number };
  /** Where it reads, from the start of the codestream. */
  readonly stream: { readonly index: number } | null;
  decode(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
    bytesPerSample: number,
  ): Uint8Array | Uint16Array;
}

type LosslessDecoderClass = new () => LosslessDecoder;

/**
 * Bytes behind the end that the decoder reads of a codestream that lacks no pixel: its end marker may be missing.
 *
 * Workaround: the decoder takes bytes behind the end for zeros, and gives pixels of them
 * (@cornerstonejs/jpeg-lossless-decoder-js 2.2.1, `DataStream.get8`). Remove when it throws there.
 */
const MOST_AHEAD = 3;

let loading: Promise<Codec> | undefined;

/** Lossless JPEG with Huffman coding (ITU-T T.81 H). */
export const jpegLossless: LoadCodec = async () => (loading ??= load());

async function load(): Promise<Codec> {
  const { Decoder } = (await import('@cornerstonejs/jpeg-lossless-decoder-js')) as unknown as {
    readonly Decoder: LosslessDecoderClass;
  };
  return { isUsable: true, decode: (bytes, header) => decode(Decoder, bytes, header) };
}

function decode(
  Decoder: LosslessDecoderClass,
  { buffer, byteOffset, length }: Uint8Array,
  { bitsAllocated }: CellHeader,
): DecodedCells {
  const decoder = new Decoder();
  const cells = decoder.decode(buffer, byteOffset, length, bitsAllocated <= 8 ? 1 : 2);
  const isCutOff = (decoder.stream?.index ?? 0) > length + MOST_AHEAD;
  if (isCutOff) {
    throw new Error('the codestream ends before its last pixel');
  }
  const { dimX: width, dimY: height, numComp: components } = decoder.frame;
  return { cells, width, height, components, isPlanar: false };
}
