import { FlightPlaces } from '../../../src/loading/schedule/FlightPlaces.js';

interface Task {
  readonly name: string;
  readonly end: () => void;
  readonly fail: (error: unknown) => void;
}

describe('FlightPlaces', () => {
  let places: FlightPlaces;
  let started: Task[];
  let over: string[];
  let controller: AbortController;

  beforeEach(() => {
    places = new FlightPlaces(2);
    started = [];
    over = [];
    controller = new AbortController();
  });

  function run(
    name: string,
    { signal = controller.signal, isPreferred = (): boolean => false } = {},
  ): Promise<void> {
    const task = (): Promise<void> =>
      new Promise((resolve, reject) => {
        started.push({ name, end: resolve, fail: reject });
      });
    return places.run(task, { signal, isPreferred }).finally(() => {
      over.push(name);
    });
  }

  async function end(name: string): Promise<void> {
    started.find((task) => task.name === name)?.end();
    await settled();
  }

  /** Lets every promise reaction that is due run. */
  async function settled(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
    }
  }

  const names = (): string => started.map(({ name }) => name).join('');

  it('start tasks at once while there are any, then in the order of the calls', async () => {
    for (const name of 'abcde') {
      void run(name);
    }
    expect(names()).toBe('ab');
    await end('b');
    expect(names()).toBe('abc');
    await end('a');
    await end('c');
    expect(names()).toBe('abcde');
    expect(over).toEqual(['b', 'a', 'c']);
    await end('d');
    await end('e');
    void run('f');
    void run('g');
    void run('h');
    expect(names()).toBe('abcdefg');
  });

  it('go first to who is preferred when one is free', async () => {
    let preferred = '';
    for (const name of 'abcdef') {
      void run(name, { isPreferred: () => name === preferred });
    }
    preferred = 'e';
    await end('a');
    preferred = '';
    await end('b');
    expect(names()).toBe('abec');
  });

  it('go to who claims them before those who wait, but not before who is preferred', async () => {
    let wants = true;
    const unclaim = places.claim(() => {
      if (wants) {
        wants = false;
        void run('x');
      }
    });
    let preferred = 'd';
    for (const name of 'abcd') {
      void run(name, { isPreferred: () => name === preferred });
    }
    expect(wants).toBeTrue();
    await end('a');
    expect(names()).toBe('abd');
    preferred = '';
    await end('b');
    expect(names()).toBe('abdx');
    await end('d');
    expect(names()).toBe('abdxc');
    void run('e');
    wants = true;
    unclaim();
    await end('x');
    expect(names()).toBe('abdxce');
  });

  it('come back from a task that fails, who gets its error', async () => {
    const failing = run('a');
    void run('b');
    void run('c');
    const error = new Error('broken');
    started[0]?.fail(error);
    await expectAsync(failing).toBeRejectedWith(error);
    expect(names()).toBe('abc');
  });

  it('are not waited for after an abort, and what is aborted has none', async () => {
    const other = new AbortController();
    void run('a');
    void run('b', { signal: other.signal });
    void run('c');
    void run('d', { signal: other.signal });
    controller.abort();
    // Within the abort: who begins anew finds them free.
    void run('e', { signal: other.signal });
    expect(names()).toBe('abd');
    await settled();
    expect(over).toEqual(['c']);
    void run('f');
    await settled();
    expect(over).toEqual(['c', 'f']);
    // Its place was given back already.
    await end('a');
    expect(names()).toBe('abd');
    await end('b');
    expect(names()).toBe('abde');
  });
});
