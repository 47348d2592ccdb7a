import { StreamingVolumeError } from '../../base/errors.js';
import { wait as waitFor } from '../../base/timers.js';

/** How a server that refuses requests for want of authorization (HTTP status 401) is asked again. */
export interface AuthorizationPolicy {
  /** Requests after the first refusal until all others fail. */
  readonly retries: number;
  /** Wait before each of them, in ms. */
  readonly delayMs: number;
}

/** One request that was let through; exactly one of its functions is to be called at its end. */
export interface GatePass {
  /** The server has taken the request for authorized, whatever came of it. */
  readonly accept: () => void;
  /** The server has refused it. */
  readonly refuse: () => void;
  /** The request was given up. */
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
 * Holds back the requests of a volume while its server refuses them: a token that has run out would fail
 * every frame. After a refusal one request at a time is let through, until one is accepted and all others
 * follow. After too many refusals, of more than one frame, nothing is let through until
 * {@link AuthorizationGate.reset}.
 */
export class AuthorizationGate {
  readonly #policy: AuthorizationPolicy;
  readonly #wait: typeof waitFor;
  #state: 'open' | 'asking' | 'barred' = 'open';
  /** Rises when it opens, so that refusals of what was sent before count no more. */
  #period = 0;
  /** Of the requests that asked since it closed. */
  #refusals = 0;
  /** ImageIds that were refused since it closed. */
  readonly #refused = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  /** Whether one request asks, or will when the delay is over. */
  #isAsking = false;

  constructor(policy: AuthorizationPolicy, wait = waitFor) {
    this.#policy = policy;
    this.#wait = wait;
  }

  /**
   * Lets a request through: at once while nothing was refused, and otherwise when it is its turn. Frames
   * that were refused least often are the first to ask.
   *
   * @param refusals - how often the server has refused this frame
   * @returns a promise rejects with a StreamingVolumeError of code `frame-fetch` and status 401 when nothing
   *   is let through any more, or with `signal.reason`
   */
  enter(
    imageId: string,
    refusals: number,
    signal: AbortSignal | undefined,
  ): GatePass | Promise<GatePass> {
    return this.#state === 'open' ? this.#pass(imageId) : this.#queue(imageId, refusals, signal);
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

  #pass(imageId: string): GatePass {
    const period = this.#period;
    return {
      accept: () => undefined,
      refuse: () => {
        if (period !== this.#period) {
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
  }

  /** Has one request ask when the delay is over, unless one does already. */
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
      refuse: () => {
        end(() => {
          this.#refusals += 1;
          this.#refused.add(asking.imageId);
          this.#barAfterTooMany();
        });
      },
      leave: () => {
        end(() => undefined);
      },
    });
  }

  /** What is refused to one frame alone says nothing of the others. */
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
    this.#period += 1;
    this.#refused.clear();
    this.#release(({ imageId, resolve }) => {
      resolve(this.#pass(imageId));
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
    `The request of a frame was not sent, as the server refuses others with HTTP status 401 (${imageId})`,
    { imageIds: [imageId], status: 401 },
  );
}
