import { karmaFixtures } from './karmaFixtures.js';

/** A fault of responses of the fixture server; see demo/server/testControls.mjs. */
export interface Fault {
  /** A regular expression, tried on the path with the query. */
  readonly match: string;
  readonly status?: number;
  readonly body?: 'html' | 'huge' | 'truncate' | 'cut' | 'garbage' | 'garbage-pixels';
  readonly times?: number;
  readonly ofRanges?: boolean;
  readonly range?: 'other' | 'short' | 'unnamed';
  readonly hold?: boolean;
  readonly pauseAt?: number;
  readonly pageSize?: number;
  readonly cors?: boolean;
}

/** A response of the fixture server that a spec defines. */
export interface GivenAnswer {
  /** With the query, as requested. */
  readonly path: string;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Whether byte ranges of it are sent, and the ETag of `headers` is compared with If-Range. */
  readonly ranges?: boolean;
}

/** One request as the fixture server saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly aborted: boolean;
  readonly endedAt: number | null;
}

/** Replaces the faults of the fixture server. */
export async function setFaults(faults: readonly Fault[]): Promise<void> {
  await control('POST', 'faults', faults);
}

/** Makes the fixture server send these responses until the reset. */
export async function giveAnswers(answers: readonly GivenAnswer[]): Promise<void> {
  const encoded = answers.map(({ body, ...rest }) => ({
    ...rest,
    base64: btoa(Array.from(body, (byte) => String.fromCharCode(byte)).join('')),
  }));
  await control('POST', 'answers', encoded);
}

/** Removes all faults and responses of specs, releases held responses and clears the requests so far. */
export async function resetServer(): Promise<void> {
  await control('POST', 'reset');
}

/** The requests since the last reset; preflights are left out. */
export async function seenRequests(): Promise<SeenRequest[]> {
  const requests = (await control('GET', 'requests')) as SeenRequest[];
  return requests.filter(({ method }) => method === 'GET');
}

/** Releases held responses, the oldest first; resolves with their number. */
export async function releaseAnswers(
  chosen: { readonly match?: string; readonly count?: number } = {},
): Promise<number> {
  const { released } = (await control('POST', 'release', chosen)) as { released: number };
  return released;
}

/** The requests for frames since the last reset; preflights are left out. */
export async function frameRequests(): Promise<SeenRequest[]> {
  const requests = (await control('GET', 'requests')) as SeenRequest[];
  return requests.filter(({ method, path }) => method === 'GET' && path.includes('/frames/'));
}

/** The requests for Part-10 files since the last reset. */
export async function fileRequests(): Promise<SeenRequest[]> {
  const requests = (await control('GET', 'requests')) as SeenRequest[];
  return requests.filter(({ method, path }) => method === 'GET' && path.includes('/files/'));
}

/** Asks the fixture server until the requests for Part-10 files are as expected. */
export async function untilFileRequests(
  condition: (requests: readonly SeenRequest[]) => boolean,
): Promise<void> {
  while (!condition(await fileRequests()));
}

/** Asks the fixture server until the requests for frames are as expected. */
export async function untilFrameRequests(
  condition: (requests: readonly SeenRequest[]) => boolean,
): Promise<SeenRequest[]> {
  for (;;) {
    const requests = await frameRequests();
    if (condition(requests)) {
      return requests;
    }
  }
}

async function control(method: string, name: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${String(karmaFixtures['origin'])}/__${name}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`__${name}: ${response.status}`);
  }
  return response.json();
}
