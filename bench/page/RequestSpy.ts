/** The address of a frame in DICOMweb. */
const FRAME_ADDRESS = /\/frames\/\d+$/;

/**
 * Counts the frames that the page itself requests, and the workers that it starts: all other requests at the
 * server come from workers.
 */
export class RequestSpy {
  #pageRequests = 0;
  #workersStarted = 0;

  /** Replaces functions of the page, so it must be created before other code keeps references to them. */
  constructor() {
    this.#watchRequests();
    this.#watchWorkers();
  }

  /** Frames that the page requested, by XMLHttpRequest or fetch. */
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
