import { SharedRequests } from '../../src/base/SharedRequests.js';

interface Call {
  readonly key: string;
  readonly signal: AbortSignal;
  readonly resolve: (value: string) => void;
  readonly reject: (reason: unknown) => void;
}

describe('SharedRequests', () => {
  let requests: SharedRequests<string>;
  let calls: Call[];

  beforeEach(() => {
    requests = new SharedRequests();
    calls = [];
  });

  function get(
    key: string,
    signal?: AbortSignal,
    use: (value: string) => Promise<string> = async (value) => value,
  ): Promise<string> {
    const start = (ownSignal: AbortSignal): Promise<string> =>
      new Promise((resolve, reject) => {
        calls.push({ key, signal: ownSignal, resolve, reject });
      });
    return requests.use(key, start, use, signal);
  }

  it('starts one request for all callers while it is under way', async () => {
    const asked = [get('a'), get('b'), get('a')];
    expect(calls.map(({ key }) => key)).toEqual(['a', 'b']);
    calls[0]?.resolve('first');
    calls[1]?.resolve('second');
    expect(await Promise.all(asked)).toEqual(['first', 'second', 'first']);
  });

  it('gives the same to a caller that comes while it is under way', async () => {
    let finish = (): void => undefined;
    const working = get('a', undefined, (value) => {
      return new Promise((resolve) => {
        finish = () => {
          resolve(`${value}, worked on`);
        };
      });
    });
    calls[0]?.resolve('raw');
    await Promise.resolve();
    const late = get('a');
    expect(await late).toBe('raw');
    finish();
    expect(await working).toBe('raw, worked on');
    expect(await get('a')).toBe('raw');
    expect(calls.length).toBe(1);
  });

  it('starts anew after the end, good or bad', async () => {
    const failing = get('a');
    const reason = new Error('no');
    calls[0]?.reject(reason);
    await expectAsync(failing).toBeRejectedWith(reason);
    const again = get('a');
    calls[1]?.resolve('now');
    expect(await again).toBe('now');
    await new Promise((resolve) => {
      setTimeout(resolve);
    });
    const third = get('a');
    expect(calls.length).toBe(3);
    calls[2]?.resolve('later');
    expect(await third).toBe('later');
  });

  it('goes on for the other callers when one aborts', async () => {
    const leaver = new AbortController();
    const [left, stays] = [get('a', leaver.signal), get('a')];
    leaver.abort('enough');
    await expectAsync(left).toBeRejectedWith('enough');
    expect(calls[0]?.signal.aborted).toBeFalse();
    calls[0]?.resolve('whole');
    expect(await stays).toBe('whole');
  });

  it('is aborted when the last has given up', async () => {
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [get('a', first.signal), get('a', second.signal)];
    first.abort('one');
    second.abort('two');
    await Promise.allSettled(asked);
    expect(calls[0]?.signal.aborted).toBeTrue();
    expect(calls[0]?.signal.reason).toBe('two');
    const again = get('a');
    expect(calls.length).toBe(2);
    calls[1]?.resolve('fresh');
    expect(await again).toBe('fresh');
  });

  it('asks nothing for a signal that has aborted', async () => {
    await expectAsync(get('a', AbortSignal.abort('before'))).toBeRejectedWith('before');
    expect(calls).toEqual([]);
  });
});
