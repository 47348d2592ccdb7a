import type {
  FrameCommand,
  FrameOutcome,
  FrameReport,
  FrameRequest,
} from '../../src/pixels/worker/frameMessages.js';

const RECEIVED = { loaded: 1, total: 1 };
/** How a frame ends that was written into its slot. */
export const PIXELS: FrameOutcome = {
  type: 'pixels',
  values: undefined,
  range: { min: 0, max: 1 },
};

/** A frame worker that reports what a spec says. */
export class FakeFrameWorker extends EventTarget {
  readonly commands: FrameCommand[] = [];
  isTerminated = false;

  postMessage(command: FrameCommand, transfer: Transferable[]): void {
    this.commands.push(structuredClone(command, { transfer }));
  }

  terminate(): void {
    this.isTerminated = true;
  }

  report(...data: readonly FrameReport[]): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  /** The names of the frames that were requested, in this order. */
  get frames(): string[] {
    return this.#fetches.map(({ request }) => request.imageId);
  }

  requestOf(imageId: string): FrameRequest | undefined {
    return this.#fetches.findLast(({ request }) => request.imageId === imageId)?.request;
  }

  decodes(imageId: string): void {
    this.report({ type: 'decoding', id: this.#idOf(imageId) });
  }

  ends(imageId: string, outcome = PIXELS): void {
    const [id, received] = [this.#idOf(imageId), RECEIVED];
    this.report({ type: 'ended', id, received, head: undefined, outcome });
  }

  givesUp(imageId: string): void {
    this.report({ type: 'aborted', id: this.#idOf(imageId) });
  }

  shows(imageId: string): void {
    const codestream = { bytes: new Uint8Array(1) } as never;
    this.report({ type: 'partial', id: this.#idOf(imageId), codestream });
  }

  get #fetches() {
    return this.commands.filter((command) => command.type === 'fetch');
  }

  #idOf(imageId: string): number {
    return this.#fetches.findLast(({ request }) => request.imageId === imageId)?.id as number;
  }
}
