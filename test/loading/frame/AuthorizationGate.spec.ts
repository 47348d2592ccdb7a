import { AuthorizationGate } from '../../../src/loading/frame/AuthorizationGate.js';
import type { GatePass } from '../../../src/loading/frame/AuthorizationGate.js';
import { isStreamingVolumeError } from '../../../src/index.js';

const DELAY = 1000;

describe('AuthorizationGate', () => {
  let waits: { readonly ms: number; readonly end: () => void }[];
  let gate: AuthorizationGate;
  let entered: string[];
  let passes: Map<string, GatePass>;
  let refused: string[];

  function open(retries: number): void {
    waits = [];
    entered = [];
    passes = new Map();
    refused = [];
    gate = new AuthorizationGate({ retries, delayMs: DELAY }, (ms, signal) => {
      return new Promise((resolve, reject) => {
        waits.push({ ms, end: resolve });
        signal?.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });
    });
  }

  function enter(name: string, signal?: AbortSignal, refusals = 0): void {
    Promise.resolve(gate.enter(name, refusals, signal)).then(
      (pass) => {
        entered.push(name);
        passes.set(name, pass);
      },
      (error: unknown) => {
        refused.push(name);
        if (!signal?.aborted) {
          expect(isStreamingVolumeError(error, 'frame-fetch')).toBeTrue();
          expect((error as { status?: number }).status).toBe(401);
          expect((error as Error).message).toContain(name);
        }
      },
    );
  }

  async function settle(): Promise<void> {
    for (let i = 0; i < 10; i++) {
      await Promise.resolve();
    }
  }

  const pass = (name: string): GatePass => passes.get(name) as GatePass;

  it('lets everything through until something is refused', async () => {
    open(3);
    ['a', 'b', 'c'].forEach((name) => {
      enter(name);
    });
    await settle();
    expect(entered).toEqual(['a', 'b', 'c']);
    pass('a').accept();
    enter('d');
    await settle();
    expect(entered).toEqual(['a', 'b', 'c', 'd']);
    expect(waits).toEqual([]);
  });

  it('asks with one request after the delay, and lets all through when that is accepted', async () => {
    open(3);
    ['a', 'b'].forEach((name) => {
      enter(name);
    });
    await settle();
    pass('a').refuse('a');
    pass('b').refuse('b');
    ['a2', 'b2', 'c'].forEach((name) => {
      enter(name);
    });
    await settle();
    expect(entered).toEqual(['a', 'b']);
    expect(waits.map(({ ms }) => ms)).toEqual([DELAY]);
    waits[0]?.end();
    await settle();
    expect(entered).toEqual(['a', 'b', 'a2']);
    pass('a2').accept();
    await settle();
    expect(entered).toEqual(['a', 'b', 'a2', 'b2', 'c']);
  });

  it('lets nothing through after so many refusals, until it is reset', async () => {
    open(2);
    enter('a');
    await settle();
    pass('a').refuse('a');
    for (const name of ['b', 'c']) {
      enter(name);
      enter(`${name}-waits`, undefined, 1);
      await settle();
      waits.at(-1)?.end();
      await settle();
      expect(entered.at(-1)).toBe(name);
      pass(name).refuse(name);
      await settle();
    }
    expect(waits.length).toBe(2);
    expect(entered).toEqual(['a', 'b', 'c']);
    expect(refused.toSorted()).toEqual(['b-waits', 'c-waits']);
    enter('d');
    await settle();
    expect(refused).toContain('d');
    gate.reset();
    enter('e');
    await settle();
    expect(entered.at(-1)).toBe('e');
  });

  it('lets nothing through after the first refusals where there are no retries', async () => {
    open(0);
    ['a', 'b'].forEach((name) => {
      enter(name);
    });
    await settle();
    pass('a').refuse('a');
    enter('c');
    await settle();
    waits[0]?.end();
    await settle();
    pass('c').refuse('c');
    enter('d');
    await settle();
    expect(refused).toEqual(['d']);
  });

  it('goes on for others where one frame alone is refused', async () => {
    open(1);
    enter('a');
    await settle();
    for (const [refusals, other] of ['b', 'c', 'd'].entries()) {
      pass('a').refuse('a');
      enter('a', undefined, refusals + 1);
      enter(other);
      await settle();
      waits.at(-1)?.end();
      await settle();
      // Not the one that was refused asks.
      expect(entered.at(-1)).toBe(other);
      pass(other).accept();
      await settle();
      expect(entered.at(-1)).toBe('a');
    }
    expect(refused).toEqual([]);
  });

  it('does not mind the refusal of what was sent before it opened again', async () => {
    open(1);
    ['slow', 'a'].forEach((name) => {
      enter(name);
    });
    await settle();
    pass('a').refuse('a');
    enter('a2');
    await settle();
    waits[0]?.end();
    await settle();
    pass('a2').accept();
    pass('slow').refuse('slow');
    enter('slow2');
    await settle();
    expect(entered).toEqual(['slow', 'a', 'a2', 'slow2']);
  });

  it('has another request ask when the one that asks is given up', async () => {
    open(1);
    enter('a');
    await settle();
    pass('a').refuse('a');
    const controller = new AbortController();
    enter('b', controller.signal);
    enter('c');
    await settle();
    controller.abort(new Error('b is given up'));
    await settle();
    expect(refused).toEqual(['b']);
    waits.at(-1)?.end();
    await settle();
    expect(entered).toEqual(['a', 'c']);
    pass('c').leave();
    enter('d');
    await settle();
    waits.at(-1)?.end();
    await settle();
    expect(entered).toEqual(['a', 'c', 'd']);
    expect(waits.length).toBe(2);
  });
});
