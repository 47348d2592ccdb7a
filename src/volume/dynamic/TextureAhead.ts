import type { StreamingTexture } from '../texture/createStreamingTexture.js';
import type { TextureSource } from '../texture/FrameUploader.js';

/**
 * Uploads the time point ahead in the pictures after a switch, a time budget in each, so that the next switch finds
 * it on the graphics card.
 */
export class TextureAhead {
  readonly #texture: StreamingTexture;
  readonly #findSource: () => TextureSource | undefined;
  #frame: number | undefined;

  /** @param findSource - the time point ahead; undefined where it has no memory or the current one is loading */
  constructor(texture: StreamingTexture, findSource: () => TextureSource | undefined) {
    this.#texture = texture;
    this.#findSource = findSource;
  }

  /** Begins after the picture that the switch is drawn in. */
  begin(): void {
    this.end();
    this.#frame = requestAnimationFrame(() => {
      this.#frame = requestAnimationFrame(this.#upload);
    });
  }

  /** Uploads no more. */
  end(): void {
    if (this.#frame !== undefined) {
      cancelAnimationFrame(this.#frame);
      this.#frame = undefined;
    }
  }

  readonly #upload = (): void => {
    this.#frame = undefined;
    const source = this.#findSource();
    if (source && this.#texture.prepareSource(source)) {
      this.#frame = requestAnimationFrame(this.#upload);
    }
  };
}
