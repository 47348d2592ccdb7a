import { StreamingVolumeError } from '../../base/errors.js';
import { wait as waitFor } from '../../base/timers.js';

/** How requests are repeated that a server refuses for lack of authorization (HTTP status 401). */
interface AuthorizationPolicy {
  /** Requests after the first refusal until all others fail. */
  readonly retries: number;
  /** Wait before each of them, in ms. */
  readonly delayMs: number;
}

/** Lets a request through; exactly one of its functions is to be called at the end of the request. */
export interface GatePass {
  /** The server has accepted the authorization, also where the request failed otherwise. */
  readonly accept: () => void;
  /** The server has refused it. */
  readonly refuse: (imageId: string) => void;
  /** The request was aborted. */
  readonly leave: () => void;
}

interface Waiting {
  readonly imageId: string;
  /** How often the server has refused this frame. */
  readonly refusals: number;
  readonly resolve: (pass: GatePass) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Holds back the requests of a volume while its server refuses them: an expired token would fail
 * every frame (circuit breaker). After a refusal one request at a time is let through, until one is accepted; then
 * all others follow. After too many refusals, of more than one frame, nothing is let through until
 * {@link AuthorizationGate.reset}.
 */
export class AuthorizationGate {
  readonly #policy: AuthorizationPolicy;
  readonly #wait: typeof waitFor;
  #state: 'open' | 'asking' | 'barred' = 'open';
  /** Of all requests since the last opening: a refusal of a request that was sent before it does not count. */
  #openPass = this.#createOpenPass();
  /** Number of refusals of single requests since it closed. */
  #refusals = 0;
  /** ImageIds that were refused since it closed. */
  readonly #refused = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  /** Whether a single request is under way, or will be after the delay. */
  #isAsking = false;

  constructor(policy: AuthorizationPolicy, wait = waitFor) {
    this.#policy = policy;
    this.#wait = wait;
  }

  /**
   * Lets a request through: at once while nothing was refused, and otherwise at its turn. Frames
   * that were refused least often come first.
   *
   * @param refusals - how often the server has refused this frame
   * @returns the pass, or a promise of it, which rejects with a StreamingVolumeError of code `frame-fetch` and
   *   status 401 when nothing is let through any more, or with `signal.reason`
   */
  enter(
    imageId: string,
    refusals: number,
    signal: AbortSignal | undefined,
  ): GatePass | Promise<GatePass> {
    return this.#state === 'open' ? this.#openPass : this.#queue(imageId, refusals, signal);
  }

  /** Lets requests through again after too many refusals. */
  reset(): void {
    if (this.#state === 'barred') {
      this.#open();
    }
  }

  async #queue(
    imageId: string,
    refusals: number,
    signal: AbortSignal | undefined,
  ): Promise<GatePass> {
    signal?.throwIfAborted();
    if (this.#state === 'barred') {
      throw notSent(imageId);
    }
    let leave = (): void => undefined;
    try {
      return await new Promise<GatePass>((resolve, reject) => {
        const waiting = { imageId, refusals, resolve, reject };
        leave = () => {
          this.#waiting.delete(waiting);
          reject(signal?.reason as Error);
        };
        this.#waiting.add(waiting);
        signal?.addEventListener('abort', leave, { once: true });
        this.#ask();
      });
    } finally {
      signal?.removeEventListener('abort', leave);
    }
  }

  #createOpenPass(): GatePass {
    const pass: GatePass = {
      accept: () => undefined,
      refuse: (imageId) => {
        if (pass !== this.#openPass) {
          return;
        }
        this.#refused.add(imageId);
        if (this.#state === 'open') {
          this.#state = 'asking';
          this.#refusals = 0;
        }
        this.#barAfterTooMany();
      },
      leave: () => undefined,
    };
    return pass;
  }

  /** Lets a single request through after the delay, unless one is under way already. */
  #ask(): void {
    if (this.#isAsking || this.#waiting.size === 0 || this.#state !== 'asking') {
      return;
    }
    this.#isAsking = true;
    void this.#wait(this.#policy.delayMs, undefined).then(() => {
      this.#isAsking = false;
      const [first, ...others] = this.#waiting;
      if (first && this.#state === 'asking') {
        this.#letAsk(others.reduce((a, b) => (b.refusals < a.refusals ? b : a), first));
      }
    });
  }

  #letAsk(asking: Waiting): void {
    this.#isAsking = true;
    this.#waiting.delete(asking);
    const end = (then: () => void): void => {
      this.#isAsking = false;
      then();
      this.#ask();
    };
    asking.resolve({
      accept: () => {
        end(() => {
          this.#open();
        });
      },
      refuse: (imageId) => {
        end(() => {
          this.#refusals += 1;
          this.#refused.add(imageId);
          this.#barAfterTooMany();
        });
      },
      leave: () => {
        end(() => undefined);
      },
    });
  }

  /** A refusal of one frame alone says nothing of the others. */
  #barAfterTooMany(): void {
    const isTooMany = this.#refusals >= this.#policy.retries && this.#refused.size > 1;
    if (this.#state === 'asking' && isTooMany) {
      this.#state = 'barred';
      this.#release(({ imageId, reject }) => {
        reject(notSent(imageId));
      });
    }
  }

  #open(): void {
    this.#state = 'open';
    this.#openPass = this.#createOpenPass();
    this.#refused.clear();
    this.#release(({ resolve }) => {
      resolve(this.#openPass);
    });
  }

  #release(end: (waiting: Waiting) => void): void {
    const all = [...this.#waiting];
    this.#waiting.clear();
    all.forEach(end);
  }
}

function notSent(imageId: string): StreamingVolumeError {
  return new StreamingVolumeError(
    'frame-fetch',
    `The request of a frame was not sent, as the server refuses others with HTTP status 401 (${imageId}). ` +
      'Renew the authorization that beforeSend gives, and call retryFailedFrames()',
    { imageIds: [imageId], status: 401 },
  );
}
