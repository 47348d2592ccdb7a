import { GarbageCollectionNudge } from '../../../src/pixels/worker/ResponseMemory.js';

const MIB = 2 ** 20;

const CHROMIUM =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/140.0.0.0 Safari/537.36';
const OTHERS = {
  Firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  Safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Chrome on iOS':
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0.7204.119 Mobile/15E148 Safari/604.1',
};

describe('GarbageCollectionNudge', () => {
  const PageArrayBuffer = window.ArrayBuffer;
  let allocated: number[];
  let pressure: GarbageCollectionNudge;

  beforeEach(() => {
    allocated = [];
    pressure = new GarbageCollectionNudge(CHROMIUM);
    window.ArrayBuffer = function allocate(length: number) {
      allocated.push(length);
      return {};
    } as unknown as typeof ArrayBuffer;
  });

  afterEach(() => {
    window.ArrayBuffer = PageArrayBuffer;
  });

  it('makes 8 MiB of garbage count as the 64 MiB that the collector waits for', () => {
    for (let received = 0; received < 8; received += 0.5) {
      pressure.add(0.5 * MIB);
    }
    expect(allocated).toEqual([28 * MIB, 28 * MIB]);
  });

  for (const [browser, userAgent] of Object.entries(OTHERS)) {
    it(`takes nothing in ${browser}, whose collector has another limit`, () => {
      pressure = new GarbageCollectionNudge(userAgent);
      for (let received = 0; received < 80; received += 8) {
        pressure.add(8 * MIB);
      }
      expect(allocated).toEqual([]);
    });
  }

  it('takes nothing for a few small frames', () => {
    for (let frame = 0; frame < 20; frame++) {
      pressure.add(0.1 * MIB);
    }
    expect(allocated).toEqual([]);
  });

  it('does without where there is no memory', () => {
    window.ArrayBuffer = function refuse() {
      throw new RangeError('Array buffer allocation failed');
    } as unknown as typeof ArrayBuffer;
    expect(() => {
      pressure.add(4 * MIB);
    }).not.toThrow();
  });
});
