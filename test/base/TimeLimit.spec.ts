import { TimeLimit } from '../../../src/base/timers.js';

describe('TimeLimit', () => {
  let limit: TimeLimit;
  let over: string[];
  let time: number;

  beforeEach(() => {
    jasmine.clock().install();
    over = [];
    time = 0;
    limit = new TimeLimit(1000, () => time);
  });

  afterEach(() => {
    jasmine.clock().uninstall();
  });

  function start(name: string): () => void {
    return limit.start(() => over.push(name));
  }

  function pass(ms: number): void {
    for (let passed = 0; passed < ms; passed++) {
      time += 1;
      jasmine.clock().tick(1);
    }
  }

  it('tells of each that has not ended when its time is over', () => {
    start('first');
    pass(300);
    const endSecond = start('second');
    start('third');
    pass(699);
    expect(over).toEqual([]);
    pass(1);
    expect(over).toEqual(['first']);
    endSecond();
    pass(299);
    expect(over).toEqual(['first']);
    pass(1);
    expect(over).toEqual(['first', 'third']);
  });

  it('has one timer, and none when nothing goes on', () => {
    jasmine.clock().uninstall();
    const set = spyOn(globalThis, 'setTimeout').and.returnValue(17);
    const clear = spyOn(globalThis, 'clearTimeout');
    const [endFirst, endSecond] = [start('first'), start('second')];
    expect(set).toHaveBeenCalledOnceWith(jasmine.any(Function), 1000);
    endFirst?.();
    expect(clear).not.toHaveBeenCalled();
    endSecond?.();
    expect(clear).toHaveBeenCalledOnceWith(17);
    start('later');
    expect(set).toHaveBeenCalledTimes(2);
  });

  it('lets one that is over begin another', () => {
    limit.start(() => {
      over.push('first');
      start('second');
    });
    pass(1000);
    expect(over).toEqual(['first']);
    pass(1000);
    expect(over).toEqual(['first', 'second']);
  });
});
