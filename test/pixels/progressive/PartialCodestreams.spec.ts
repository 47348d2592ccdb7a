import { PartialCodestreams } from '../../../src/pixels/progressive/PartialCodestreams.js';
import { encodeValues, frameValues } from '../../support/progressiveFrames.js';
import { multipartBody } from '../../support/servedSeries.js';

describe('PartialCodestreams', () => {
  let body: Uint8Array;

  beforeAll(async () => {
    const frame = await encodeValues('htj2kRpcl', frameValues(0));
    body = multipartBody(frame, ['Content-Type: application/octet-stream']);
  });

  /** What a response gives that has come so far. */
  const arriving = (length: number, elapsed = 0, total: number | undefined = body.length) => ({
    bytes: body.subarray(0, length),
    elapsed,
    total,
  });

  it('gives each resolution once', () => {
    const all = new PartialCodestreams({ policy: 'always', leastMissing: 0 });
    const levels: number[] = [];
    for (let length = 1; length <= body.length; length += 20) {
      const reduced = all.next(arriving(length));
      if (reduced) {
        levels.push(reduced.missingLevels);
      }
    }
    expect(levels).toEqual([2, 1]);
  });

  it('leaves resolutions out that are not wanted', () => {
    const low = new PartialCodestreams({ policy: 'always', leastMissing: 2 });
    expect(low.next(arriving(2500))?.missingLevels).toBe(2);
    expect(low.next(arriving(body.length))).toBeUndefined();
  });

  it('gives none of a frame that arrives fast, or is nearly there', () => {
    const slow = new PartialCodestreams({ policy: 'slow', leastMissing: 0 });
    expect(slow.next(arriving(2500, 100))).toBeUndefined();
    expect(slow.next(arriving(body.length - 10, 1000))).toBeUndefined();
    expect(slow.next(arriving(2500, 1000))?.missingLevels).toBe(1);
  });

  it('goes by the time alone where the server does not say the length', () => {
    const slow = new PartialCodestreams({ policy: 'slow', leastMissing: 0 });
    const unknown = (elapsed: number) => ({ ...arriving(2500, elapsed), total: undefined });
    expect(slow.next(unknown(200))).toBeUndefined();
    expect(slow.next(unknown(400))?.missingLevels).toBe(1);
  });

  it('looks at other frames once', () => {
    const other = new PartialCodestreams({ policy: 'always', leastMissing: 0 });
    const native = new Uint8Array(4000);
    expect(other.next({ bytes: native, elapsed: 0, total: 8000 })).toBeUndefined();
    expect(other.next(arriving(2500))).toBeUndefined();
  });
});
