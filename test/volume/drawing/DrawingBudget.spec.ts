import { DrawingBudget } from '../../../src/volume/drawing/DrawingBudget.js';

const VOLUME = { volumeId: 'volume', share: 0.25, intervalMs: 100 };
/** Frames arrive so often. */
const FRAME_MS = 20;

/** A picture of a {@link draw}. */
interface Drawn {
  readonly key: string;
  readonly at: number;
  readonly costMs: number;
}

type Terms = typeof VOLUME;

/** A page that draws what the budget says, on a clock of its own. */
class Page {
  readonly budget = new DrawingBudget();
  readonly drawn: Drawn[] = [];
  now = 0;

  /** Lets frames arrive for some time; pictures are drawn one after the other. */
  run(
    costs: Readonly<Record<string, number>>,
    forMs: number,
    termsOf: (key: string) => Terms = () => VOLUME,
  ): void {
    const end = this.now + forMs;
    let frameAt = this.now;
    while (this.now < end) {
      if (frameAt <= this.now) {
        Object.keys(costs).forEach((key) => {
          this.budget.request(key, termsOf(key), this.now);
        });
        frameAt = this.now + FRAME_MS;
      }
      const next = this.budget.next(this.now);
      if (next && 'key' in next) {
        this.draw(next.key, costs[next.key] ?? 0);
      } else {
        this.now = Math.min(frameAt, this.now + (next?.waitMs ?? Infinity));
      }
    }
  }

  draw(key: string, costMs: number): void {
    this.drawn.push({ key, at: this.now, costMs });
    this.budget.drawn(key, this.now);
    this.now += costMs;
    this.budget.measured(key, costMs);
  }

  /** Times between the renders of a picture; not those after the first two, of which the first is not typical. */
  intervals(key: string): number[] {
    const times = this.drawn.filter((each) => each.key === key).map(({ at }) => at);
    return times.slice(1).map((at, index) => at - (times[index] as number));
  }

  /** The part of the time that pictures took. */
  share(keys: readonly string[] = [...new Set(this.drawn.map(({ key }) => key))]): number {
    const spent = this.drawn
      .filter(({ key }) => keys.includes(key))
      .reduce((sum, { costMs }) => sum + costMs, 0);
    return spent / this.now;
  }
}

describe('DrawingBudget', () => {
  let page: Page;

  beforeEach(() => {
    page = new Page();
  });

  it('draws a picture of 2 s each 8 s', () => {
    page.run({ volume3D: 2000 }, 40_000);
    expect(page.intervals('volume3D')).toEqual([8000, 8000, 8000, 8000]);
  });

  it('draws a picture of 5 ms at the interval', () => {
    page.run({ axial: 5 }, 1000);
    expect(page.intervals('axial')).toEqual(Array.from({ length: 9 }, () => 100));
  });

  it('takes no more than the share for several pictures, and leaves the rest of cheap ones to dear ones', () => {
    page.run({ axial: 5, sagittal: 5, coronal: 5, volume3D: 2000 }, 400_000);
    expect(page.share()).toBeCloseTo(0.25, 1);
    expect(page.share()).toBeLessThan(0.26);
    // The planes take 3 x 5 ms in 100 ms, which leaves a tenth.
    const long = page.intervals('volume3D');
    expect(long.length).toBeGreaterThan(15);
    long.forEach((interval) => {
      expect(interval).toBeGreaterThanOrEqual(19_999);
      expect(interval).toBeLessThan(20_100);
    });
    expect(page.intervals('axial').filter((interval) => interval === 100).length).toBeGreaterThan(
      3000,
    );
  });

  it('divides the share equally where all pictures are dear', () => {
    page.run({ a: 100, b: 100, c: 200, d: 400 }, 60_000);
    expect(page.share()).toBeLessThan(0.26);
    for (const key of ['a', 'b', 'c', 'd']) {
      expect(page.share([key]))
        .withContext(key)
        .toBeCloseTo(0.25 / 4, 1);
      expect(page.share([key]))
        .withContext(key)
        .toBeGreaterThan(0.05);
    }
  });

  it('lets no picture starve', () => {
    page.run({ a: 300, b: 300, c: 300, d: 3000, e: 3 }, 600_000);
    // A fifth of the share each, and what the cheap one leaves.
    for (const [key, longest] of Object.entries({
      a: 6000,
      b: 6000,
      c: 6000,
      d: 60_000,
      e: 3200,
    })) {
      expect(page.intervals(key).length).withContext(key).toBeGreaterThan(5);
      expect(Math.max(...page.intervals(key)))
        .withContext(key)
        .toBeLessThanOrEqual(longest);
    }
  });

  it('shares one budget between volumes', () => {
    const volumeOf = (key: string): Terms => ({ ...VOLUME, volumeId: `volume of ${key}` });
    page.run({ a: 1000, b: 1000 }, 100_000, volumeOf);
    expect(page.share()).toBeLessThan(0.27);
    expect(page.share(['a'])).toBeCloseTo(page.share(['b']), 1);
  });

  it('keeps each volume to its own share', () => {
    const shares: Record<string, number> = { a: 0.1, b: 0.1, c: 0.5 };
    page.run({ a: 500, b: 500, c: 500 }, 200_000, (key) => ({
      volumeId: key,
      share: shares[key] as number,
      intervalMs: 100,
    }));
    expect(page.share(['a', 'b'])).toBeLessThan(0.11);
    expect(page.share(['a', 'b'])).toBeGreaterThan(0.09);
    expect(page.share()).toBeLessThan(0.51);
    expect(page.share(['c'])).toBeGreaterThan(0.3);
  });

  it('draws the first picture of each volume at once', () => {
    const { budget } = page;
    budget.request('axial', VOLUME, 0);
    page.draw('axial', 2000);
    budget.request('axial', VOLUME, 2000);
    expect(budget.next(2000)).toEqual({ waitMs: 6000 });
    budget.request('axial', { ...VOLUME, volumeId: 'fused' }, 2000);
    expect(budget.next(2000)).toEqual({ key: 'axial' });
  });

  describe('while slices are missing in large gaps', () => {
    const SPARSE = { isSparse: true, waitsWhileSparse: false };
    const WAITS = { isSparse: true, waitsWhileSparse: true };
    const COVERED = { isSparse: false, waitsWhileSparse: true };

    it('draws the first picture at once, and again when the gaps are filled', () => {
      const { budget } = page;
      budget.request('sagittal', VOLUME, 0, SPARSE);
      expect(budget.next(0)).toEqual({ key: 'sagittal' });
      page.draw('sagittal', 500);
      budget.request('sagittal', VOLUME, 500, SPARSE);
      expect(budget.next(500)).toEqual({ waitMs: 1500 });
      budget.request('sagittal', VOLUME, 600, COVERED);
      expect(budget.next(600)).toEqual({ key: 'sagittal' });
      page.now = 600;
      page.draw('sagittal', 500);
      budget.request('sagittal', VOLUME, 1100, COVERED);
      expect(budget.next(1100)).withContext('once').toEqual({ waitMs: 1500 });
    });

    it('lets the first picture in 3D wait until they are filled', () => {
      const { budget } = page;
      budget.request('volume3D', VOLUME, 0, WAITS);
      expect(budget.next(0)).toEqual({ waitMs: 1000 });
      budget.request('volume3D', VOLUME, 400, WAITS);
      expect(budget.next(400)).toEqual({ waitMs: 600 });
      budget.request('volume3D', VOLUME, 700, COVERED);
      expect(budget.next(700)).toEqual({ key: 'volume3D' });
    });

    it('lets it wait for a second and no longer', () => {
      const { budget } = page;
      budget.request('volume3D', VOLUME, 0, WAITS);
      budget.request('volume3D', VOLUME, 900, WAITS);
      expect(budget.next(1000)).toEqual({ key: 'volume3D' });
      page.now = 1000;
      page.draw('volume3D', 2000);
      budget.request('volume3D', VOLUME, 3000, WAITS);
      expect(budget.next(3000)).toEqual({ waitMs: 6000 });
      budget.request('volume3D', VOLUME, 3500, COVERED);
      expect(budget.next(3500)).toEqual({ key: 'volume3D' });
    });

    it('lets others be drawn meanwhile', () => {
      const { budget } = page;
      budget.request('volume3D', VOLUME, 0, WAITS);
      budget.request('axial', VOLUME, 0, SPARSE);
      expect(budget.next(0)).toEqual({ key: 'axial' });
    });

    it('draws what waits at the end of the load', () => {
      const { budget } = page;
      budget.request('volume3D', VOLUME, 0, WAITS);
      budget.endLoad(VOLUME.volumeId);
      expect(budget.next(10)).toEqual({ key: 'volume3D' });
    });

    it('does not wait after a render that a person has caused', () => {
      const { budget } = page;
      budget.request('volume3D', VOLUME, 0, WAITS);
      page.now = 100;
      page.draw('volume3D', 50);
      budget.request('volume3D', VOLUME, 200, WAITS);
      expect(budget.next(200)).toEqual({ waitMs: 100 });
    });

    it('waits for each volume of a picture', () => {
      const { budget } = page;
      const fused = { ...VOLUME, volumeId: 'fused' };
      budget.request('volume3D', VOLUME, 0, WAITS);
      budget.request('volume3D', fused, 300, WAITS);
      budget.request('volume3D', VOLUME, 400, COVERED);
      expect(budget.next(400)).toEqual({ waitMs: 900 });
      budget.request('volume3D', fused, 500, COVERED);
      expect(budget.next(500)).toEqual({ key: 'volume3D' });
    });
  });

  it('draws the last picture at once, in the order of the requests', () => {
    const { budget } = page;
    for (const key of ['axial', 'volume3D']) {
      budget.request(key, VOLUME, 0);
      page.draw(key, 2000);
    }
    budget.request('volume3D', VOLUME, 4000);
    budget.request('axial', VOLUME, 4000);
    expect(budget.next(4000)).toEqual({ waitMs: jasmine.any(Number) });
    budget.endLoad(VOLUME.volumeId);
    expect(budget.next(4000)).toEqual({ key: 'volume3D' });
    page.draw('volume3D', 2000);
    expect(budget.next(6000)).toEqual({ key: 'axial' });
    page.draw('axial', 2000);
    expect(budget.next(8000)).toBeUndefined();
    expect(budget.isActive('axial')).toBeFalse();
  });

  it('leaves the share to the others when the load of a volume has ended', () => {
    const other = { ...VOLUME, volumeId: 'other' };
    page.run({ a: 1000, b: 1000 }, 30_000, (key) => (key === 'a' ? VOLUME : other));
    page.budget.endLoad('other');
    page.draw('b', 1000);
    const before = page.drawn.length;
    page.run({ a: 1000 }, 60_000);
    expect(page.drawn.slice(before).map(({ key }) => key)).not.toContain('b');
    expect(page.intervals('a').slice(-5)).toEqual([4000, 4000, 4000, 4000, 4000]);
  });

  it('counts the first render, with its shaders, until there is another one', () => {
    page.run({ axial: 500 }, 500);
    page.run({ axial: 5 }, 4000);
    expect(page.intervals('axial').slice(0, 4)).toEqual([2000, 100, 100, 100]);
  });

  it('follows the cost of the last renders', () => {
    page.run({ axial: 5 }, 1000);
    page.run({ axial: 500 }, 20_000);
    expect(page.intervals('axial').at(-1)).toBe(2000);
    page.run({ axial: 5 }, 10_000);
    expect(page.intervals('axial').at(-1)).toBe(100);
  });

  it('needs no render for what a person has drawn', () => {
    const { budget } = page;
    budget.request('axial', VOLUME, 0);
    budget.drawn('axial', 10);
    expect(budget.next(10)).toBeUndefined();
    budget.request('axial', VOLUME, 20);
    expect(budget.next(20)).toEqual({ waitMs: 90 });
  });

  it('keeps renders that a person would feel out of a scroll, twice the wait at most', () => {
    const { budget } = page;
    for (const [key, costMs] of [
      ['axial', 5],
      ['volume3D', 100],
    ] as const) {
      budget.request(key, VOLUME, page.now);
      page.draw(key, costMs);
      budget.request(key, VOLUME, page.now);
    }
    // At 5 ms; due 100 / (0.25 - 5 / 100) ms later.
    const dueAt = 505;
    page.now = 400;
    budget.interacted(400);
    expect(budget.next(400)).toEqual({ key: 'axial' });
    page.draw('axial', 5);
    expect(budget.next(dueAt)).toEqual({ waitMs: 900 - dueAt });
    budget.interacted(1000);
    expect(budget.next(1004)).toEqual({ waitMs: 1 });
    expect(budget.next(1005)).toEqual({ key: 'volume3D' });
  });

  it('draws at once where there is no interval and no cost', () => {
    const eager = { ...VOLUME, intervalMs: 0, share: 1 };
    page.budget.request('axial', eager, 0);
    page.budget.drawn('axial', 0);
    page.budget.request('axial', eager, 0);
    expect(page.budget.next(0)).toEqual({ key: 'axial' });
  });
});
