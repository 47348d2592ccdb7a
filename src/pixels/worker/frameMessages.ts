import type { StreamingVolumeErrorCode } from '../../base/errors.js';
import type { FrameTimes } from '../../base/frameTrace.js';
import type { PixelPick } from '../../base/voxels/pickPixels.js';
import type { ResponseHead } from '../../base/transport/XhrStandIn.js';
import type { LinearRescale, ValueRange, VolumeArray, VolumeDataType } from '../../base/types.js';
import type { PartialRequest } from '../progressive/PartialCodestreams.js';
import type { ReducedCodestream } from '../progressive/reduceCodestream.js';
import type { PixelLayout } from '../pixelLayout.js';

/** How a frame worker turns native pixels into voxels of a volume. */
export interface FrameOutput {
  readonly type: VolumeDataType;
  /** Number of values that are written. */
  readonly length: number;
  /** The pixels of the frame that are written; undefined for the whole frame. */
  readonly pick?: PixelPick | undefined;
  readonly rescale: LinearRescale;
  /** Whether voxels that `type` does not hold are reported as Float32Array; otherwise they are an error. */
  readonly acceptsWider?: boolean | undefined;
  /** Where they are written; without, they come with the report. */
  readonly memory?: FrameMemory;
  /** Memory of their size to be used again, for voxels that come with the report. */
  readonly spare?: ArrayBuffer | undefined;
}

/** The slot of a frame in a volume that workers can write into. */
export interface FrameMemory {
  readonly buffer: SharedArrayBuffer;
  readonly byteOffset: number;
}

/** How a frame worker requests a frame. */
export interface FetchRequest {
  /** Absolute. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly credentials: 'same-origin' | 'include';
  /** Longest time of the request in ms; 0 for none. */
  readonly timeoutMs: number;
  /** When the head of the response is reported: never, at the end, or also when it comes. */
  readonly tellsHead: 'never' | 'at the end' | 'early';
  /** The most bytes that are read of a response, and of the body of an error. */
  readonly maxBytes: number;
  readonly maxErrorBytes: number;
}

/** The body of a response that the page has received, which the worker makes a frame of. */
export interface GivenResponse {
  readonly body: ArrayBuffer;
  readonly contentType: string;
}

/** A frame that the page has cut out already. */
export interface GivenFrame {
  readonly body: ArrayBuffer;
  readonly transferSyntax: string;
}

/** How a frame worker decodes compressed frames. */
export interface Decoding {
  /** Folder of the codecs' .wasm files; undefined for those of the bundle. */
  readonly wasmBasePath: string | undefined;
  /** Transfer syntaxes that the page has decoded, since a worker could not load their codec. */
  readonly except: readonly string[];
}

/** The request of one frame. */
export interface FrameRequest {
  readonly source: FetchRequest | GivenResponse | GivenFrame;
  /** What is reported: the frame, or the whole response as it came. */
  readonly wants: 'frame' | 'response';
  readonly imageId: string;
  /** Bytes of the frame when it is not compressed. */
  readonly nativeLength: number;
  /** Available Transfer Syntax UID of the instance, where it is known. */
  readonly storedSyntax: string | undefined;
  readonly layout: PixelLayout;
  /** Whether a viewport shows its slice; the reports of other frames may be sent together. */
  readonly isOnScreen: boolean;
  /** How beginnings of the frame are reported while it arrives; undefined where they are not wanted. */
  readonly partial?: PartialRequest | undefined;
  /** Whether the outcome says when its steps were done. */
  readonly trace?: boolean | undefined;
  /** Without, the bytes of compressed frames are reported. */
  readonly decoding?: Decoding | undefined;
  /** Without, the bytes of the frame are reported in any case. */
  readonly output: FrameOutput | undefined;
}

/** A message from the page to a frame worker. */
export type FrameCommand =
  | { readonly type: 'fetch'; readonly id: number; readonly request: FrameRequest }
  /** Nothing may be written into the memory of the output any more; the frame is still wanted. */
  | { readonly type: 'detach'; readonly id: number }
  | { readonly type: 'abort'; readonly id: number };

/** Bytes of a response so far; `total` where the server declares it. */
export interface ReceivedBytes {
  readonly loaded: number;
  readonly total: number | undefined;
}

/** Why a frame worker has no frame. */
export type FrameFault =
  /** `status` is 0 where no response, or not all of it, came. */
  | {
      readonly kind: 'http';
      readonly status: number;
      readonly retryAfter: string | null;
      /** The beginning of the body that came with the status, where heads are reported. */
      readonly body: ArrayBuffer | null;
      readonly isTimeout: boolean;
      readonly cause: unknown;
    }
  /** The response is not the frame, or does not fit the volume. */
  | {
      readonly kind: 'frame';
      readonly code: StreamingVolumeErrorCode;
      readonly message: string;
      /** What a decoder says of the frame. */
      readonly cause?: unknown;
    }
  | { readonly kind: 'other'; readonly cause: unknown };

/** Pixels, rescaled. */
export interface WrittenPixels {
  /** `undefined` when they were written into the memory of the output. */
  readonly values: VolumeArray | undefined;
  readonly range: ValueRange | undefined;
  /** Whether the frame was compressed. */
  readonly isDecoded?: true;
}

/** Bytes that the worker has not made pixels of: they are laid out in a way that it does not know, or compressed. */
export interface FrameBytes {
  readonly bytes: Uint8Array;
  /** Content-Type of the part, or of the whole response when that is not multipart. */
  readonly contentType: string;
  /** Why a compressed frame is not decoded; undefined for others. */
  readonly undecoded?: Undecoded | undefined;
}

/** Why a compressed frame is not decoded in a frame worker. */
export interface Undecoded {
  readonly transferSyntax: string;
  /** In words for a developer. */
  readonly reason: string;
}

/** An outcome that says when its steps were done, where the request asks for that. */
export interface Traced {
  /** `decodedAt` is when the worker was done. */
  readonly times?: FrameTimes | undefined;
}

/** How the work on one frame has ended. */
export type FrameOutcome =
  | ({ readonly type: 'pixels' } & WrittenPixels & Traced)
  | ({ readonly type: 'bytes' } & FrameBytes & Traced)
  | ({ readonly type: 'response'; readonly bytes: Uint8Array<ArrayBuffer> } & Traced)
  | { readonly type: 'failed'; readonly fault: FrameFault };

/** A report of a frame worker to the page; a message carries one or several. */
export type FrameReport =
  /** The worker runs. */
  | { readonly type: 'ready' }
  | { readonly type: 'head'; readonly id: number; readonly head: ResponseHead }
  /** The beginning of a frame, as a codestream of its own. The pixels then come with the outcome, also in place of the memory. */
  | { readonly type: 'partial'; readonly id: number; readonly codestream: ReducedCodestream }
  | { readonly type: 'received'; readonly id: number; readonly received: ReceivedBytes }
  /** The worker begins to decode, and neither reads commands nor reports anything until it has. */
  | { readonly type: 'decoding'; readonly id: number }
  /** In place of `ended`, after an abort. */
  | { readonly type: 'aborted'; readonly id: number }
  | {
      readonly type: 'ended';
      readonly id: number;
      readonly received: ReceivedBytes;
      /** Undefined where heads are not reported, or no response came. */
      readonly head: ResponseHead | undefined;
      readonly outcome: FrameOutcome;
    };
