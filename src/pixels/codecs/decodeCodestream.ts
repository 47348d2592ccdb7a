import { JPEG_BASELINE } from '../../base/transferSyntaxUids.js';
import type {
  CellHeader,
  Codec,
  CodecSource,
  DecodeCallbacks,
  DecodedCells,
  DecodeOptions,
  LoadCodec,
} from './Codec.js';
import { charls } from './charls.js';
import { jpegLossless } from './jpegLossless.js';
import { libjpegTurbo } from './libjpegTurbo.js';
import { libjxl } from './libjxl.js';
import { openjpeg } from './openjpeg.js';
import { openjph } from './openjph.js';

const JPEG = '1.2.840.10008.1.2.4.';

/** By transfer syntax; the others are decoded by dicom-image-loader's worker, or by nothing. */
const CODECS: ReadonlyMap<string, LoadCodec> = new Map([
  [JPEG_BASELINE, libjpegTurbo],
  ...([57, 70] as const).map((number) => [`${JPEG}${number}`, jpegLossless] as const),
  ...([80, 81] as const).map((number) => [`${JPEG}${number}`, charls] as const),
  ...([90, 91] as const).map((number) => [`${JPEG}${number}`, openjpeg] as const),
  ...([110, 111, 112] as const).map((number) => [`${JPEG}${number}`, libjxl] as const),
  ...([201, 202, 203] as const).map((number) => [`${JPEG}${number}`, openjph] as const),
]);

/** A codestream, and what its decoder needs to know. */
export interface Codestream {
  readonly bytes: Uint8Array;
  readonly transferSyntax: string;
  readonly header: CellHeader;
}

/**
 * The codec of a transfer syntax could not be loaded: the application's bundler left it out, or the page's policy
 * forbids WebAssembly. It says nothing of the codestream.
 */
export class CodecUnavailable extends Error {}

/** The decoder cannot decode a codestream. */
export class CodestreamRejected extends Error {}

/** Whether there is a codec for a transfer syntax. */
export function hasCodec(transferSyntax: string): boolean {
  return CODECS.has(transferSyntax);
}

/** Begins to load the codec of a transfer syntax. What fails is told by the first decoding. */
export function prepareCodec(transferSyntax: string, source: CodecSource): void {
  void CODECS.get(transferSyntax)?.(source).catch(() => undefined);
}

/**
 * Decodes a codestream on this thread, which is a frame worker's: it takes tens of milliseconds. The codec is loaded
 * with the first codestream of its kind. After it has aborted, the next call loads another instance.
 *
 * A codestream of which the last bytes are missing is decoded as far as the decoder can.
 *
 * @param options - `decodeLevel` for fewer pixels
 * @param use - gets the samples as the codestream has them, whatever the header says; called at once, and its result
 *   is returned. The samples are the codec's memory: `use` copies what it keeps
 * @throws CodecUnavailable, CodestreamRejected, or what `use` or `onBegin` throws
 */
export async function decodeCodestream<T>(
  { bytes, transferSyntax, header }: Codestream,
  { decodeLevel, onBegin, ...source }: DecodeOptions & DecodeCallbacks & CodecSource,
  use: (decoded: DecodedCells) => T,
): Promise<T> {
  const load = CODECS.get(transferSyntax);
  if (!load) {
    throw new CodecUnavailable(`there is no codec for transfer syntax ${transferSyntax}`);
  }
  let codec;
  do {
    try {
      codec = await load(source);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new CodecUnavailable(`the codec could not be loaded: ${why}`, { cause });
    }
    // Another codestream may have made it abort between its load and now.
  } while (!codec.isUsable);
  onBegin?.();
  return use(decodeNow(codec, bytes, header, { decodeLevel }));
}

/** @throws CodestreamRejected */
function decodeNow(
  codec: Codec,
  bytes: Uint8Array,
  header: CellHeader,
  options: DecodeOptions,
): DecodedCells {
  let decoded;
  try {
    decoded = codec.decode(bytes, header, options);
  } catch (cause) {
    throw new CodestreamRejected(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  const { cells, width, height, components } = decoded;
  if (cells.length === 0 || cells.length !== width * height * components) {
    throw new CodestreamRejected('the decoder finds no pixels in the codestream');
  }
  return decoded;
}
