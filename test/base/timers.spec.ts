import { browserTimer, TimeLimit, wait } from '../../src/base/timers.js';

/** What `setTimeout` keeps of a delay: it is a signed number of 32 bits. */
const LONGEST_MS = 2 ** 31 - 1;

describe('A5: delays beyond 2^31 - 1 ms', () => {
  let delays: number[];
  let runs: (() => void)[];

  beforeEach(() => {
    delays = [];
    runs = [];
    spyOn(window, 'setTimeout').and.callFake(((run: () => void, delay: number) => {
      delays.push(delay);
      runs.push(run);
      return runs.length;
    }) as never);
  });

  function startLimit(
    ms: number,
    now = (): number => 0,
    timeoutError = (): Error => new Error(),
  ): void {
    const task = (): Promise<never> => new Promise(() => undefined);
    new TimeLimit(ms, now).run(task, timeoutError, undefined).catch(() => undefined);
  }

  for (const delay of [1e10, 2 ** 31, Number.MAX_VALUE, Infinity]) {
    it(`do not fire at once: ${delay}`, () => {
      void wait(delay, undefined);
      browserTimer(() => undefined, delay);
      startLimit(delay);
      expect(delays).toEqual([LONGEST_MS, LONGEST_MS, LONGEST_MS]);
    });
  }

  it('are kept by a time limit, with one timer for each 25 days', () => {
    let now = 0;
    const onOver = jasmine.createSpy('onOver').and.returnValue(new Error('over'));
    startLimit(1e10, () => now, onOver);
    for (let timers = 1; timers <= 5; timers++) {
      expect(onOver).not.toHaveBeenCalled();
      expect(delays.length).toBe(timers);
      now += delays.at(-1) as number;
      runs.at(-1)?.();
    }
    expect(onOver.calls.count()).toBe(1);
    expect(now).toBe(1e10);
  });

  it('leave shorter ones as they are', () => {
    void wait(0, undefined);
    browserTimer(() => undefined, LONGEST_MS);
    startLimit(60_000);
    expect(delays).toEqual([0, LONGEST_MS, 60_000]);
  });
});
