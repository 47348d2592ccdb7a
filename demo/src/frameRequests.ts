import type { Types } from '@cornerstonejs/dicom-image-loader';

/** Counts the requests for pixels, through the hooks that the image loader has for applications. */
export class FrameRequests {
  /** Requests sent. */
  count = 0;
  /** Requests for frames that had been received already. */
  repeated = 0;
  /** Bytes received, envelopes included. */
  bytes = 0;
  readonly #received = new Set<string>();

  /** To be merged into the options of the image loader. */
  readonly hooks: Pick<Types.LoaderOptions, 'beforeSend' | 'onloadend'> = {
    beforeSend: (xhr, imageId) => {
      this.count += 1;
      if (this.#received.has(imageId)) {
        this.repeated += 1;
      }
      xhr.addEventListener('load', () => {
        if (xhr.status === 200) {
          this.#received.add(imageId);
        }
      });
    },
    onloadend: ({ loaded }) => {
      this.bytes += loaded;
    },
  };

  /** Forgets everything; to be called when another volume is made. */
  reset(): void {
    this.count = 0;
    this.repeated = 0;
    this.bytes = 0;
    this.#received.clear();
  }
}
