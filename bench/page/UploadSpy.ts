/** Counts the slices of 3D textures that are uploaded. */
export class UploadSpy {
  #slices = 0;

  /** Replaces functions of WebGL, so it must be created before a context is used. */
  constructor() {
    const count = (slices: number): void => {
      this.#slices += slices;
    };
    watch('texSubImage3D', ([, , , , , , , depth]) => count(Number(depth)));
    watch('texImage3D', ([, , , , , depth, , , , pixels]) => {
      // Without pixels it only allocates.
      if (pixels !== null && pixels !== undefined) {
        count(Number(depth));
      }
    });
  }

  /** Slices that were uploaded since the creation. */
  get slices(): number {
    return this.#slices;
  }
}

function watch(
  name: 'texSubImage3D' | 'texImage3D',
  onCall: (args: readonly unknown[]) => void,
): void {
  const { prototype } = WebGL2RenderingContext;
  const original = Reflect.get(prototype, name) as (...args: unknown[]) => void;
  Reflect.set(prototype, name, function watched(this: WebGL2RenderingContext, ...args: unknown[]) {
    onCall(args);
    original.apply(this, args);
  });
}
