import { PartialCodestreams } from '../../../src/pixels/progressive/PartialCodestreams.js';
import { readCodestreamHeader } from '../../../src/pixels/progressive/codestreamHeader.js';
import { reduceCodestream } from '../../../src/pixels/progressive/reduceCodestream.js';
import { TagTree } from '../../../src/pixels/progressive/TagTree.js';
import { allocatedBytes } from '../../support/allocatedBytes.js';

interface Claims {
  readonly components?: number;
  readonly layers?: number;
  readonly packets?: readonly number[];
  /** Binary logarithm of the size of a code block, less 2. */
  readonly block?: number;
}

/** A short codestream of JPEG 2000 that claims any size. */
function claiming(
  size: number,
  { components = 1, layers = 1, packets = [0], block = 0 }: Claims = {},
) {
  const bytes = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);
  const fields = [size, size, 0, 0, size, size, 0, 0].flatMap(bytes);
  const parts = Array.from({ length: components }, () => [7, 1, 1]).flat();
  return Uint8Array.from(
    [
      [0xff, 0x4f, 0xff, 0x51, 0, 38 + 3 * components, 0, 0, ...fields, 0, components, ...parts],
      [0xff, 0x52, 0, 12, 0, 0, layers >> 8, layers & 255, 0, 1, block, block, 0, 1],
      [0xff, 0x5c, 0, 7, 0x40, 8, 8, 8, 8],
      [0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93, ...packets],
    ].flat(),
  );
}

const ALLOWED = 2 ** 24;

describe('A short beginning of a codestream', () => {
  for (const [name, bytes] of [
    ['a frame of 32768 by 32768', claiming(32_768)],
    [
      'four components of 2048 by 2048 in small blocks',
      claiming(2048, { components: 4, packets: [0, 0, 0, 0] }),
    ],
    ['a frame of 2^32 - 1', claiming(2 ** 32 - 1)],
  ] as const) {
    it(`that claims ${name} allocates little`, () => {
      let reduced: unknown;
      const allocated = allocatedBytes(() => {
        reduced = reduceCodestream(bytes);
      });
      expect(allocated).toBeLessThan(ALLOWED);
      expect(reduced).toBeUndefined();
      const arriving = { bytes, total: 1e6, elapsed: 0 };
      const partial = new PartialCodestreams({ policy: 'always', leastMissing: 0 });
      expect(partial.next(arriving)).toBeUndefined();
    });
  }

  it('that claims the largest frame that is looked at allocates little', () => {
    const bytes = claiming(12_288, { block: 3, packets: [0, 0] });
    expect(readCodestreamHeader(bytes)).toBeDefined();
    expect(allocatedBytes(() => reduceCodestream(bytes))).toBeLessThan(ALLOWED);
  });

  it('is read no further than its last byte', () => {
    const bytes = claiming(1024, { packets: [0xf0] });
    const asked = spyOn(TagTree.prototype, 'isBelow').and.callThrough();
    expect(reduceCodestream(bytes)).toBeUndefined();
    // There are 16384 code blocks.
    expect(asked.calls.count()).toBeLessThan(4000);
  });

  it('with more than 256 layers is not looked at', () => {
    expect(readCodestreamHeader(claiming(8, { layers: 3 }))).toBeDefined();
    expect(readCodestreamHeader(claiming(8, { layers: 1000 }))).toBeUndefined();
  });
});
