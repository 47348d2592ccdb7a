/** What a codec needs of the header of a frame. */
export interface CellHeader {
  readonly bitsAllocated: number;
  readonly isSigned: boolean;
}

/** Which part of a codestream is decoded. */
export interface DecodeOptions {
  /**
   * Number of times that width and height are halved, rounded up: resolution levels that are left out (ITU-T T.800
   * B.5). Default 0: all are decoded. Only JPEG 2000 and HTJ2K have several; other codecs decode all.
   */
  readonly decodeLevel?: number | undefined;
}

/** What is called while a codestream is decoded. */
export interface DecodeCallbacks {
  /**
   * Called when the codec is loaded, right before it decodes, which nothing on this thread can interrupt. What it throws
   * ends the decoding.
   */
  readonly onBegin?: (() => void) | undefined;
}

/** Samples as a codestream has them. */
export interface DecodedCells {
  /** By pixel, or plane after plane. A view of the codec's memory, valid until its next call. */
  readonly cells: Uint8Array | Int8Array | Uint16Array | Int16Array;
  /** In pixels, of what was decoded: that of the frame, or of `decodeLevel`. */
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Whether each component has a plane of its own. */
  readonly isPlanar: boolean;
}

/** A decoder that is ready. */
export interface Codec {
  /** False once the decoder has aborted: its memory may be damaged. */
  readonly isUsable: boolean;
  /**
   * Decodes at once.
   *
   * @throws Error for a codestream that cannot be decoded
   */
  decode(bytes: Uint8Array, header: CellHeader, options: DecodeOptions): DecodedCells;
}

/** Where codecs are loaded from. */
export interface CodecSource {
  /** Folder of the .wasm files; undefined for the files of the bundle. */
  readonly wasmBasePath?: string | undefined;
}

/** Loads a codec, or gives the one that is there; rejects where the application has not got it. */
export type LoadCodec = (source: CodecSource) => Promise<Codec>;
