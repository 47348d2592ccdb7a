import { wasmCodec } from './wasmCodec.js';

/** JPEG 2000 (ITU-T T.800), by OpenJPEG. */
export const openjpeg = wasmCodec({
  load: () => import('@cornerstonejs/codec-openjpeg/decodewasmjs'),
  wasmUrl: () => new URL('@cornerstonejs/codec-openjpeg/decodewasm', import.meta.url),
  wasmName: 'openjpegwasm_decode.wasm',
  decoder: 'J2KDecoder',
  signBy: 'codestream',
  run: (decoder, { decodeLevel = 0 }) => {
    if (decodeLevel > 0) {
      decoder.decodeSubResolution?.(decodeLevel, 0);
    } else {
      decoder.decode();
    }
  },
});
