/** What is known of a response. */
export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  /** Where the response came from, after redirects. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Who looks after what a stand-in cannot do itself. */
export interface StandInOwner {
  /**
   * Called once, when a hook uses what only an XMLHttpRequest has and nothing is sent yet.
   *
   * @param what - the member that was used
   * @returns an XMLHttpRequest that is not opened, to take the place of the stand-in
   */
  readonly createReal: (what: string) => XMLHttpRequest;
  /** Called when a hook uses such a member after the request was sent. */
  readonly onTooLate: (what: string) => void;
  /** Called when a hook aborts the request. */
  readonly onAbort: () => void;
}

export type XhrEventType =
  | 'readystatechange'
  | 'loadstart'
  | 'progress'
  | 'load'
  | 'loadend'
  | 'error'
  | 'timeout'
  | 'abort';

/** How the object that hooks get reaches its stand-in, which also has the members that it serves. */
export interface StandInMembers {
  readonly real: XMLHttpRequest | undefined;
  takeOver(what: string): XMLHttpRequest | undefined;
  getHandler(type: string): unknown;
  setHandler(type: string, handler: unknown): void;
}
