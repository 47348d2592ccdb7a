import { eventTarget } from '@cornerstonejs/core';

/** The detail of a transport event of dicom-image-loader. */
interface RequestDetail {
  readonly imageId: string;
  /** Bytes so far. */
  readonly loaded?: number;
  readonly total?: number;
}

/** Counts the requests for pixels, by the events that the transport triggers. */
export class FrameRequests {
  /** Requests sent. */
  count = 0;
  /** Requests for frames that were received before. */
  repeated = 0;
  /** Bytes received, envelopes included. */
  bytes = 0;
  readonly #received = new Set<string>();
  /** Bytes so far of the requests in flight. */
  readonly #underWay = new Map<string, number>();

  constructor() {
    listen('cornerstoneimageloadstart', ({ imageId }) => {
      this.count += 1;
      this.repeated += Number(this.#received.has(imageId));
      this.#underWay.set(imageId, 0);
    });
    listen('cornerstoneimageloadprogress', ({ imageId, loaded = 0, total }) => {
      this.bytes += loaded - (this.#underWay.get(imageId) ?? 0);
      this.#underWay.set(imageId, loaded);
      if (loaded === total) {
        this.#received.add(imageId);
      }
    });
    listen('cornerstoneimageloadend', ({ imageId }) => {
      this.#underWay.delete(imageId);
    });
  }

  /** Resets all counts; to be called when another volume is created. */
  reset(): void {
    this.count = 0;
    this.repeated = 0;
    this.bytes = 0;
    this.#received.clear();
  }
}

function listen(type: string, onEvent: (detail: RequestDetail) => void): void {
  eventTarget.addEventListener(type, (event: CustomEvent<RequestDetail>) => {
    onEvent(event.detail);
  });
}
