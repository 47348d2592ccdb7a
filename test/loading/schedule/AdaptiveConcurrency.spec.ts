import { AdaptiveConcurrency } from '../../../src/loading/schedule/AdaptiveConcurrency.js';

/** A limit over a line whose frames take as long as the test says. */
class LimitBench {
  readonly limit: AdaptiveConcurrency;
  #time = 0;

  constructor(most: number) {
    this.limit = new AdaptiveConcurrency({ most, now: () => this.#time });
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

/** A line that its frames share in equal parts, each after the same latency. */
class SharedLine {
  readonly limit: AdaptiveConcurrency;
  #time = 0;
  readonly #latency: number;
  readonly #work: number;
  #frames: { startsAt: number; left: number; end: () => void }[] = [];
  /** How long each frame took from its request to its end, in ms. */
  readonly durations: number[] = [];

  /**
   * @param latency - from a request to the begin of its answer, in ms
   * @param work - time that one frame takes alone on the line, in ms
   */
  constructor(most: number, latency: number, work: number) {
    this.limit = new AdaptiveConcurrency({ most, now: () => this.#time });
    this.#latency = latency;
    this.#work = work;
  }

  /** Loads frames, and gives the time that one has taken of the load. */
  load(frameCount: number): number {
    const before = this.#time;
    for (let ended = 0; ended < frameCount;) {
      this.#start();
      this.#time += STEP;
      const arriving = this.#frames.filter(({ startsAt }) => startsAt <= this.#time);
      arriving.forEach((frame) => {
        frame.left -= STEP / arriving.length;
      });
      const over = this.#frames.filter(({ left }) => left <= 0);
      this.#frames = this.#frames.filter(({ left }) => left > 0);
      over.forEach(({ startsAt, end }) => {
        this.durations.push(this.#time - startsAt + this.#latency);
        end();
      });
      ended += over.length;
    }
    return (this.#time - before) / frameCount;
  }

  #start(): void {
    const { limit } = this;
    while (
      this.#frames.length === 0 ||
      (this.#frames.length < limit.current && limit.delay === 0)
    ) {
      const startsAt = this.#time + this.#latency;
      this.#frames.push({ startsAt, left: this.#work, end: limit.begin() });
    }
  }
}

/** In ms. */
const STEP = 0.25;

describe('AdaptiveConcurrency', () => {
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

  it('spreads its starts, so that the line is not idle between frames that end together', () => {
    // Two that start and end together take 15 + 2 * 21 ms.
    const line = new SharedLine(6, 15, 21);
    line.load(60);
    expect(line.limit.current).toBe(2);
    expect(line.load(40)).toBeLessThan(1.05 * 21);
  });

  it('asks for a frame when the one before has nearly come, so that a third finds the line free', () => {
    const line = new SharedLine(6, 15, 21);
    line.load(60);
    line.durations.length = 0;
    line.load(60);
    const median = line.durations.sort((a, b) => a - b)[30];
    // With two in flight at all times each takes 2 * 21 ms; alone on the line it takes 15 + 21 ms.
    expect(median).toBeLessThan(1.05 * (15 + 21));
  });

  for (const [latency, work] of [
    [110, 10],
    [40, 40],
    [5, 2],
    [0, 30],
  ] as const) {
    it(`takes no time by that on a line of ${latency} ms latency and ${work} ms a frame`, () => {
      const line = new SharedLine(16, latency, work);
      line.load(200);
      const { current } = line.limit;
      const together = Math.max(work, (latency + work * current) / current);
      expect(line.load(200)).toBeLessThan(1.05 * together);
    });
  }

  it('does not learn from the first frames, which open connections', () => {
    const bench = new LimitBench(8);
    let frames = 0;
    const limits = bench.load(60, (limit) => (frames++ < 2 ? 500 : 21 * limit));
    expect(limits.at(-1)).toBe(2);
  });
});
