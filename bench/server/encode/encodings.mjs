import { createRequire } from 'node:module';
import { encodeJpegLossless } from './encodeJpegLossless.mjs';
import { encodeRle } from './encodeRle.mjs';

/**
 * @typedef {object} FrameShape
 * @property {number} columns
 * @property {number} bits that are stored of each pixel, unsigned
 *
 * @typedef {object} Encoding
 * @property {string} transferSyntax
 * @property {(pixels: Uint16Array, shape: FrameShape) => Promise<Uint8Array>} encode without loss; the same bytes
 *   at each call
 *
 * The encoders in the packages of dicom-image-loader's decoders have these members.
 *
 * @typedef {object} WasmEncoder
 * @property {(frame: object) => Uint8Array} getDecodedBuffer
 * @property {() => void} encode
 * @property {() => Uint8Array} getEncodedBuffer
 * @property {() => void} delete
 */

/** As archives have them: five, so that the lowest resolution is a thirty-second of the picture. */
const DECOMPOSITIONS = 5;
/** Resolution, position, component, layer: a prefix of the bytes has a lower resolution of the whole picture. */
const RPCL = 2;

// They are dependencies of dicom-image-loader.
const require = createRequire(
  createRequire(import.meta.url).resolve('@cornerstonejs/dicom-image-loader'),
);

/** @type {Map<string, Promise<Record<string, new () => any>>>} */
const codecs = new Map();

/** By name. All are lossless. */
export const ENCODINGS = /** @type {const} @satisfies {Record<string, Encoding>} */ ({
  raw: {
    transferSyntax: '1.2.840.10008.1.2.1',
    encode: async (/** @type {Uint16Array} */ pixels) => bytesOf(pixels),
  },
  rle: {
    transferSyntax: '1.2.840.10008.1.2.5',
    encode: async (/** @type {Uint16Array} */ pixels, /** @type {FrameShape} */ shape) =>
      encodeRle(pixels, shape),
  },
  jpegls: {
    transferSyntax: '1.2.840.10008.1.2.4.80',
    encode: wasmEncoder('@cornerstonejs/codec-charls', 'JpegLSEncoder', () => {}),
  },
  'jpeg-lossless-sv1': {
    transferSyntax: '1.2.840.10008.1.2.4.70',
    encode: async (/** @type {Uint16Array} */ pixels, /** @type {FrameShape} */ shape) =>
      encodeJpegLossless(pixels, shape),
  },
  j2k: {
    transferSyntax: '1.2.840.10008.1.2.4.90',
    encode: wasmEncoder('@cornerstonejs/codec-openjpeg', 'J2KEncoder', (encoder) => {
      encoder.setDecompositions(DECOMPOSITIONS);
      encoder.setProgressionOrder(RPCL);
    }),
  },
  htj2k: {
    transferSyntax: '1.2.840.10008.1.2.4.202',
    encode: wasmEncoder('@cornerstonejs/codec-openjph', 'HTJ2KEncoder', (encoder) => {
      encoder.setDecompositions(DECOMPOSITIONS);
      encoder.setProgressionOrder(RPCL);
      // The syntax wants the lengths of the parts of each resolution.
      encoder.setTLMMarker(true);
      encoder.setTilePartDivisionsAtResolutions(true);
    }),
  },
});

/** @typedef {keyof typeof ENCODINGS} EncodingName */

/**
 * @param {string} packageName
 * @param {string} className
 * @param {(encoder: any) => void} prepare
 * @returns {Encoding['encode']}
 */
function wasmEncoder(packageName, className, prepare) {
  return async (pixels, { columns, bits }) => {
    const loading = codecs.get(packageName) ?? require(packageName)();
    codecs.set(packageName, loading);
    const Encoder = /** @type {new () => WasmEncoder} */ ((await loading)[className]);
    const encoder = new Encoder();
    try {
      prepare(encoder);
      encoder
        .getDecodedBuffer({
          width: columns,
          height: pixels.length / columns,
          bitsPerSample: bits,
          componentCount: 1,
          isSigned: false,
          isUsingColorTransform: false,
        })
        .set(bytesOf(pixels));
      encoder.encode();
      return Uint8Array.from(encoder.getEncodedBuffer());
    } finally {
      encoder.delete();
    }
  };
}

/** @param {Uint16Array} pixels */
function bytesOf(pixels) {
  return new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength);
}
