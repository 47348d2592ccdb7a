import { FlightLimit } from '../../src/frames/FlightLimit.js';

/** A limit over a line whose frames take as long as the test says. */
class LimitBench {
  readonly limit: FlightLimit;
  #time = 0;

  constructor(most: number) {
    this.limit = new FlightLimit({ most, now: () => this.#time });
  }

  /**
   * Has frames come one after the other, each beginning when there is a place.
   *
   * @param durationOf - of a frame that began with so many in flight
   * @returns the limit after each frame
   */
  load(frameCount: number, durationOf: (limit: number) => number): number[] {
    const limits: number[] = [];
    const inFlight: { endsAt: number; end: () => void }[] = [];
    for (let frame = 0; frame < frameCount; frame++) {
      while (inFlight.length < this.limit.current) {
        const endsAt = this.#time + durationOf(this.limit.current);
        inFlight.push({ endsAt, end: this.limit.begin() });
      }
      inFlight.sort((a, b) => a.endsAt - b.endsAt);
      const next = inFlight.shift();
      this.#time = next?.endsAt ?? this.#time;
      next?.end();
      limits.push(this.limit.current);
    }
    return limits;
  }
}

describe('FlightLimit', () => {
  it('begins with two, or with one where more are not allowed', () => {
    expect(new LimitBench(6).limit.current).toBe(2);
    expect(new LimitBench(1).limit.current).toBe(1);
  });

  it('goes up to the most that is allowed where frames take little time', () => {
    const limits = new LimitBench(7).load(40, () => 8);
    expect(new Set(limits)).toEqual(new Set([2, 4, 7]));
    expect(limits.at(-1)).toBe(7);
  });

  it('goes up where more in flight are faster, however long each takes', () => {
    expect(new LimitBench(16).load(80, () => 200).at(-1)).toBe(16);
  });

  it('goes back to two where the line is busy with two', () => {
    // 21 ms of the line for each frame.
    const limits = new LimitBench(16).load(60, (limit) => 21 * limit);
    expect(Math.max(...limits)).toBe(4);
    expect(limits.slice(12).every((limit) => limit === 2)).toBeTrue();
  });

  it('has as many in flight as a long line holds', () => {
    // 100 ms there and back, and 10 ms of the line for each frame: 11 keep it busy.
    const limits = new LimitBench(64).load(120, (limit) => Math.max(110, 10 * limit));
    expect(limits.at(-1)).toBe(16);
  });

  it('tries again after a while, as lines change', () => {
    const bench = new LimitBench(16);
    bench.load(40, (limit) => 21 * limit);
    expect(bench.limit.current).toBe(2);
    bench.load(100, () => 15);
    expect(bench.limit.current).toBe(16);
  });

  it('comes down when the line becomes slow', () => {
    const bench = new LimitBench(4);
    bench.load(30, () => 10);
    expect(bench.limit.current).toBe(4);
    bench.load(20, (limit) => 50 * limit);
    expect(bench.limit.current).toBe(2);
  });

  it('does not learn from the first frames, which open connections', () => {
    const bench = new LimitBench(8);
    let frames = 0;
    const limits = bench.load(60, (limit) => (frames++ < 2 ? 500 : 21 * limit));
    expect(limits.at(-1)).toBe(2);
  });
});
