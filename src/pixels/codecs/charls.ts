import { wasmCodec } from './wasmCodec.js';

/** JPEG-LS (ITU-T T.87), by CharLS. */
export const charls = wasmCodec({
  load: () => import('@cornerstonejs/codec-charls/decodewasmjs'),
  wasmUrl: () => new URL('@cornerstonejs/codec-charls/decodewasm', import.meta.url),
  wasmName: 'charlswasm_decode.wasm',
  decoder: 'JpegLSDecoder',
  signBy: 'header',
});
