import type {
  CellHeader,
  Codec,
  CodecSource,
  DecodedCells,
  DecodeOptions,
  LoadCodec,
} from './Codec.js';

/** The size and samples of a codestream, as a decoder reports them. */
export interface WasmFrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  /** Undefined where codestreams of the codec do not say. */
  readonly isSigned?: boolean | number;
}

/** A decoder of the WebAssembly builds of Cornerstone (github.com/cornerstonejs/codecs). */
export interface WasmDecoder {
  /** Memory for the codestream. */
  getEncodedBuffer(length: number): Uint8Array;
  decode(): void;
  decodeSubResolution?(decodeLevel: number, layer?: number): void;
  getFrameInfo(): WasmFrameInfo;
  /** The memory of the samples, which the next call may move. */
  getDecodedBuffer(): Uint8Array;
  /** 0 for planes (ITU-T T.87 C.2.3); only JPEG-LS. */
  getInterleaveMode?(): number;
  delete(): void;
}

/** An instance of a module; its classes by name. */
export interface WasmModule {
  readonly getExceptionMessage?: (exception: number) => string;
  readonly [name: string]: unknown;
}

/** Makes an instance of a module. */
export type WasmFactory = (options: {
  readonly locateFile: (name: string) => string;
  readonly print: (text: string) => void;
  readonly printErr: (text: string) => void;
}) => Promise<WasmModule>;

/** A codec of one of the packages `@cornerstonejs/codec-*`. */
export interface WasmCodecOptions {
  /** Imports the script of the codec. */
  readonly load: () => Promise<{ readonly default: WasmFactory }>;
  /** The .wasm file of the bundle. */
  readonly wasmUrl: () => URL;
  /** Its name in `wasmBasePath`. */
  readonly wasmName: string;
  /** Class of the decoder. */
  readonly decoder: string;
  /** Whether samples have a sign: by the codestream, or by the header where codestreams do not say. */
  readonly signBy: 'codestream' | 'header';
  /** Decodes what `getEncodedBuffer` has been filled with; by default `decode()`. */
  readonly run?: (decoder: WasmDecoder, options: DecodeOptions) => void;
}

/** A function that loads a codec of WebAssembly once, and again after it has aborted. */
export function wasmCodec(options: WasmCodecOptions): LoadCodec {
  let loading: Promise<WasmCodec> | undefined;
  return async (source) => {
    loading ??= WasmCodec.load(options, source);
    const awaited = loading;
    const codec = await awaited;
    if (!codec.isUsable && loading === awaited) {
      loading = WasmCodec.load(options, source);
    }
    return loading;
  };
}

class WasmCodec implements Codec {
  readonly #module: WasmModule;
  readonly #options: WasmCodecOptions;
  #decoder: WasmDecoder | undefined;
  isUsable = true;

  constructor(module: WasmModule, options: WasmCodecOptions) {
    this.#module = module;
    this.#options = options;
  }

  static async load(options: WasmCodecOptions, { wasmBasePath }: CodecSource): Promise<WasmCodec> {
    if (typeof WebAssembly === 'undefined') {
      throw new Error('this browser has no WebAssembly');
    }
    const { default: create } = await options.load();
    const wasmUrl = locate(options, wasmBasePath);
    const module = await create({
      locateFile: (name) => (name.endsWith('.wasm') ? wasmUrl : name),
      print: ignore,
      printErr: ignore,
    });
    return new WasmCodec(module, options);
  }

  decode(bytes: Uint8Array, header: CellHeader, options: DecodeOptions): DecodedCells {
    try {
      return this.#decode(bytes, header, options);
    } catch (error) {
      this.#decoder = undefined;
      // Emscripten throws the address of a C++ exception, and an error object where the module has aborted.
      if (typeof error !== 'number') {
        this.isUsable = false;
        throw error;
      }
      const message = this.#module.getExceptionMessage?.(error);
      throw new Error(message ?? 'the decoder rejects the codestream', { cause: error });
    }
  }

  #decode(bytes: Uint8Array, header: CellHeader, options: DecodeOptions): DecodedCells {
    // The samples of the last frame may be in use until now. A decoder of its own for each frame keeps no samples
    // of another.
    this.#decoder?.delete();
    this.#decoder = undefined;
    const Decoder = this.#module[this.#options.decoder] as new () => WasmDecoder;
    const decoder = new Decoder();
    this.#decoder = decoder;
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    const { run, signBy } = this.#options;
    if (run) {
      run(decoder, options);
    } else {
      decoder.decode();
    }
    const info = decoder.getFrameInfo();
    const { componentCount: components } = info;
    const level = run ? (options.decodeLevel ?? 0) : 0;
    const [width, height] = [info.width, info.height].map((size) => Math.ceil(size / 2 ** level));
    const isSigned = signBy === 'header' ? header.isSigned : Boolean(info.isSigned);
    const cells = asCells(
      decoder.getDecodedBuffer(),
      info.bitsPerSample > 8,
      isSigned && components === 1,
    );
    return {
      cells,
      width: width as number,
      height: height as number,
      components,
      isPlanar: decoder.getInterleaveMode?.() === 0,
    };
  }
}

function asCells(bytes: Uint8Array, isWide: boolean, isSigned: boolean): DecodedCells['cells'] {
  const { buffer, byteOffset, byteLength } = bytes;
  if (isWide) {
    return isSigned
      ? new Int16Array(buffer, byteOffset, byteLength / 2)
      : new Uint16Array(buffer, byteOffset, byteLength / 2);
  }
  return isSigned ? new Int8Array(buffer, byteOffset, byteLength) : bytes;
}

/** The address is that of dicom-image-loader's worker (shared/wasmBasePath.js): relative to the script of the worker. */
function locate({ wasmUrl, wasmName }: WasmCodecOptions, wasmBasePath: string | undefined): string {
  return wasmBasePath === undefined || wasmBasePath === ''
    ? wasmUrl().href
    : new URL(wasmName, new URL(wasmBasePath.replace(/\/?$/, '/'), globalThis.location.href)).href;
}

/** Decoders print what they warn of; an error is thrown as well. */
function ignore(): void {}
