import { wasmCodec } from './wasmCodec.js';

/** JPEG XL (ISO/IEC 18181), by libjxl. */
export const libjxl = wasmCodec({
  load: () => import('@cornerstonejs/codec-libjxl/decodewasmjs'),
  wasmUrl: () => new URL('@cornerstonejs/codec-libjxl/decodewasm', import.meta.url),
  wasmName: 'jpegxlwasm_decode.wasm',
  decoder: 'JpegXLDecoder',
  signBy: 'header',
});
