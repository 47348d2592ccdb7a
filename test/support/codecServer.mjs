import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { crossOriginHeaders } from '../../demo/server/crossOriginHeaders.mjs';

/**
 * A frame to be encoded, in the search parameters of a request; its samples are the body: by pixel, in as many
 * bytes as `bits` need, lowest byte first.
 *
 * @typedef {object} FrameOfRequest
 * @property {number} width
 * @property {number} height
 * @property {number} bits of each sample that are used
 * @property {number} components
 * @property {boolean} isSigned
 */

/**
 * An encoder of the WebAssembly builds of Cornerstone, all of which have these members.
 *
 * @typedef {object} Encoder
 * @property {(frame: object) => Uint8Array} getDecodedBuffer
 * @property {() => void} encode
 * @property {() => Uint8Array} getEncodedBuffer
 * @property {() => void} delete
 */

/** @typedef {{ readonly [name: string]: unknown, readonly getExceptionMessage?: (error: number) => unknown }} Codec */

// The codecs are dependencies of dicom-image-loader.
const require = createRequire(
  createRequire(import.meta.url).resolve('@cornerstonejs/dicom-image-loader'),
);

/** @type {() => Promise<Codec>} */
const charls = () => require('@cornerstonejs/codec-charls')();
/** @type {() => Promise<Codec>} */
const openJpeg = () => require('@cornerstonejs/codec-openjpeg')();
/** @type {() => Promise<Codec>} */
const openJph = () => require('@cornerstonejs/codec-openjph')();

async function libJxl() {
  const script = require.resolve('@cornerstonejs/codec-libjxl/encodewasmjs');
  const wasm = require.resolve('@cornerstonejs/codec-libjxl/encodewasm');
  const { default: create } = await import(pathToFileURL(script).href);
  return create({
    wasmBinary: readFileSync(wasm),
    locateFile: (/** @type {string} */ name) => name,
  });
}

const LRCP = 0;
const RPCL = 2;
const INTERLEAVED_BY_PIXEL = 2;

/**
 * Codec, class of the encoder, and the calls before it encodes, by the name of an encoding. JPEG-LS in its
 * near-lossless form differs by up to `NEAR`; the quantization of lossy JPEG 2000 is a fraction of the range.
 *
 * @type {Readonly<Record<string, { load: () => Promise<Codec>, encoder: string, prepare: (encoder: any, frame: FrameOfRequest) => void }>>}
 */
const ENCODINGS = {
  jpegLs: {
    load: charls,
    encoder: 'JpegLSEncoder',
    prepare: (encoder, { components }) => {
      if (components > 1) encoder.setInterleaveMode(INTERLEAVED_BY_PIXEL);
    },
  },
  jpegLsNear: {
    load: charls,
    encoder: 'JpegLSEncoder',
    prepare: (encoder, { components }) => {
      if (components > 1) encoder.setInterleaveMode(INTERLEAVED_BY_PIXEL);
      encoder.setNearLossless(2);
    },
  },
  jpeg2000: {
    load: openJpeg,
    encoder: 'J2KEncoder',
    prepare: (encoder) => encoder.setDecompositions(2),
  },
  jpeg2000Lossy: {
    load: openJpeg,
    encoder: 'J2KEncoder',
    prepare: (encoder) => {
      encoder.setDecompositions(2);
      encoder.setQuality(false, 1);
    },
  },
  htj2k: {
    load: openJph,
    encoder: 'HTJ2KEncoder',
    prepare: (encoder) => encoder.setDecompositions(2),
  },
  htj2kRpcl: {
    load: openJph,
    encoder: 'HTJ2KEncoder',
    prepare: (encoder) => {
      encoder.setDecompositions(2);
      encoder.setProgressionOrder(RPCL);
      encoder.setTLMMarker(true);
    },
  },
  jpeg2000Layers: {
    load: openJpeg,
    encoder: 'J2KEncoder',
    prepare: (encoder) => {
      encoder.setDecompositions(2);
      [20, 5, 1].forEach((ratio, layer) => encoder.setCompressionRatio(layer, ratio));
      encoder.setQuality(true, 3);
      encoder.setProgressionOrder(LRCP);
    },
  },
  // Several precincts in each resolution.
  htj2kPrecincts: {
    load: openJph,
    encoder: 'HTJ2KEncoder',
    prepare: (encoder) => {
      encoder.setDecompositions(2);
      encoder.setProgressionOrder(RPCL);
      encoder.setBlockDimensions({ width: 16, height: 16 });
      encoder.setNumPrecincts(1);
      encoder.setPrecinct(0, { width: 32, height: 32 });
    },
  },
  // A tile-part for each resolution.
  htj2kTileParts: {
    load: openJph,
    encoder: 'HTJ2KEncoder',
    prepare: (encoder) => {
      encoder.setDecompositions(2);
      encoder.setProgressionOrder(RPCL);
      encoder.setTLMMarker(true);
      encoder.setTilePartDivisionsAtResolutions(true);
    },
  },
  htj2kLossy: {
    load: openJph,
    encoder: 'HTJ2KEncoder',
    prepare: (encoder, { bits }) => {
      encoder.setDecompositions(2);
      encoder.setQuality(false, 1 / 2 ** bits);
    },
  },
  jpegXl: {
    load: libJxl,
    encoder: 'JpegXLEncoder',
    prepare: (encoder) => encoder.setLossless(true),
  },
};

/** @type {Map<() => Promise<Codec>, Promise<Codec>>} */
const loaded = new Map();

/**
 * @param {string} name of one of `ENCODINGS`
 * @param {FrameOfRequest} frame
 * @param {Uint8Array} samples
 */
async function encode(name, frame, samples) {
  const encoding = ENCODINGS[name];
  if (!encoding) throw new Error(`No encoding is named ${name}`);
  const loading = loaded.get(encoding.load) ?? encoding.load();
  loaded.set(encoding.load, loading);
  const codec = await loading;
  const encoder = /** @type {Encoder} */ (
    new /** @type {new () => unknown} */ (codec[encoding.encoder])()
  );
  try {
    const { width, height, bits, components, isSigned } = frame;
    encoding.prepare(encoder, frame);
    encoder
      .getDecodedBuffer({
        width,
        height,
        bitsPerSample: bits,
        componentCount: components,
        isSigned,
        isUsingColorTransform: components > 1,
      })
      .set(samples);
    encoder.encode();
    return Uint8Array.from(encoder.getEncodedBuffer());
  } catch (error) {
    throw typeof error === 'number' ? new Error(String(codec.getExceptionMessage?.(error))) : error;
  } finally {
    encoder.delete();
  }
}

/**
 * Starts a server that encodes frames as JPEG-LS, JPEG 2000, HTJ2K and JPEG XL, with the encoders in the packages of
 * dicom-image-loader's decoders: `POST /<encoding>?<FrameOfRequest>` answers with the codestream.
 *
 * @param {{ isolated: boolean }} options whether responses have COOP and COEP
 * @returns {Promise<{ origin: string, stop: () => Promise<void> }>}
 */
export async function startCodecServer({ isolated }) {
  const server = createServer((request, response) => {
    const requestedHeaders = request.headers['access-control-request-headers'];
    const headers = crossOriginHeaders({ crossOriginIsolated: isolated, requestedHeaders });
    if (request.method === 'OPTIONS') {
      response.writeHead(204, headers).end();
      return;
    }
    answer(request).then(
      (codestream) => response.writeHead(200, headers).end(codestream),
      (error) => response.writeHead(500, headers).end(String(error)),
    );
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** @param {import('node:http').IncomingMessage} request */
async function answer(request) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const number = (/** @type {string} */ name) => Number(searchParams.get(name));
  const chunks = await request.toArray();
  return encode(
    pathname.slice(1),
    {
      width: number('width'),
      height: number('height'),
      bits: number('bits'),
      components: number('components'),
      isSigned: searchParams.get('isSigned') === 'true',
    },
    Buffer.concat(chunks),
  );
}
