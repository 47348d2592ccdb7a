import { wasmCodec } from '../../../src/pixels/codecs/wasmCodec.js';
import type { WasmModule } from '../../../src/pixels/codecs/wasmCodec.js';

const HEADER = { bitsAllocated: 16, isSigned: false };
const BYTES = Uint8Array.of(1, 2, 3, 4);

describe('wasmCodec', () => {
  let instances: number;
  /** Emscripten throws numbers too. */
  let fail: (() => void) | undefined;
  let freed: number;

  /** A decoder that gives the codestream back as two pixels of 16 bits, unless it fails. */
  class Decoder {
    encoded = new Uint8Array(0);

    getEncodedBuffer(length: number): Uint8Array {
      this.encoded = new Uint8Array(length);
      return this.encoded;
    }

    decode(): void {
      fail?.();
    }

    getFrameInfo() {
      return { width: 2, height: 1, bitsPerSample: 12, componentCount: 1 };
    }

    getDecodedBuffer(): Uint8Array {
      return this.encoded;
    }

    delete(): void {
      freed += 1;
    }
  }

  const load = wasmCodec({
    load: async () => ({
      default: async (): Promise<WasmModule> => {
        instances += 1;
        return { Decoder, getExceptionMessage: (address) => `exception at ${address}` };
      },
    }),
    wasmUrl: () => new URL('https://x.invalid/'),
    wasmName: 'x.wasm',
    decoder: 'Decoder',
    signBy: 'codestream',
  });

  beforeEach(() => {
    instances = 0;
    fail = undefined;
    freed = 0;
  });

  it('keeps its instance, frees each decoder, and makes another instance after an abort', async () => {
    const codec = await load({});
    const decode = (): unknown => codec.decode(BYTES, HEADER, {}).cells;
    expect(decode()).toEqual(Uint16Array.of(0x201, 0x403));
    decode();
    expect(freed).toBe(1);
    expect(await load({})).toBe(codec);

    fail = () => {
      AbortSignal.abort(99).throwIfAborted();
    };
    expect(decode).toThrowError('exception at 99');
    expect(codec.isUsable).toBeTrue();

    fail = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    expect(decode).toThrowError('unreachable');
    expect(codec.isUsable).toBeFalse();
    const [one, other] = await Promise.all([load({}), load({})]);
    expect(one).toBe(other);
    expect(one).not.toBe(codec);
    expect(instances).toBe(2);
  });
});
