/** The address of a frame in DICOMweb. */
const FRAME_ADDRESS = /\/frames\/\d+$/;

/**
 * Counts the frames that the page itself asks for, and the workers that it starts: what else arrives at
 * the server was asked for by workers.
 */
export class RequestSpy {
  #pageRequests = 0;
  #workersStarted = 0;

  /** Takes the place of what the page has, so it must be made before anything else keeps that. */
  constructor() {
    this.#watchRequests();
    this.#watchWorkers();
  }

  /** Frames that the page asked for, by XMLHttpRequest or fetch. */
  get pageRequests(): number {
    return this.#pageRequests;
  }

  /** Workers of any kind that the page has started. */
  get workersStarted(): number {
    return this.#workersStarted;
  }

  #watchRequests(): void {
    const count = (url: string): void => {
      if (FRAME_ADDRESS.test(url)) {
        this.#pageRequests += 1;
      }
    };
    globalThis.XMLHttpRequest = class extends XMLHttpRequest {
      override open(
        method: string,
        url: string | URL,
        ...rest: [isAsync?: boolean, username?: string | null, password?: string | null]
      ): void {
        count(String(url));
        super.open(method, url, ...(rest as [boolean]));
      }
    };
    const { fetch } = globalThis;
    globalThis.fetch = (input, init) => {
      count(input instanceof Request ? input.url : String(input));
      return fetch(input, init);
    };
  }

  #watchWorkers(): void {
    const started = (): void => {
      this.#workersStarted += 1;
    };
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        started();
      }
    };
  }
}
