import { wasmCodec } from './wasmCodec.js';

/** HTJ2K (ITU-T T.814), by OpenJPH. */
export const openjph = wasmCodec({
  load: () => import('@cornerstonejs/codec-openjph/wasmjs'),
  wasmUrl: () => new URL('@cornerstonejs/codec-openjph/wasm', import.meta.url),
  wasmName: 'openjphjs.wasm',
  decoder: 'HTJ2KDecoder',
  signBy: 'codestream',
  run: (decoder, { decodeLevel = 0 }) => {
    decoder.decodeSubResolution?.(decodeLevel);
  },
});
