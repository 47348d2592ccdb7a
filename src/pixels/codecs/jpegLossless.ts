import type { CellHeader, Codec, DecodedCells, LoadCodec } from './Codec.js';

/** The class of the package, as far as it is used. */
interface LosslessDecoder {
  readonly frame: { readonly dimX: number; readonly dimY: number; readonly numComp: number };
  decode(
    buffer: ArrayBufferLike,
    offset: number,
    length: number,
    bytesPerSample: number,
  ): Uint8Array | Uint16Array;
}

type LosslessDecoderClass = new () => LosslessDecoder;

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
  const { dimX: width, dimY: height, numComp: components } = decoder.frame;
  return { cells, width, height, components, isPlanar: false };
}
