import { wasmCodec } from './wasmCodec.js';

/** JPEG of 8 bits with Huffman coding and losses (ITU-T T.81), by libjpeg-turbo. */
export const libjpegTurbo = wasmCodec({
  load: () => import('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs'),
  wasmUrl: () => new URL('@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasm', import.meta.url),
  wasmName: 'libjpegturbowasm_decode.wasm',
  decoder: 'JPEGDecoder',
  signBy: 'codestream',
});
