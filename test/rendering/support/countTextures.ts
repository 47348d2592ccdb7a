/** Textures that were made and not deleted, by what they are bound to. */
export interface TextureCounts {
  /** Of volumes. */
  readonly '3D': number;
  /** Of colours, opacities and such, and of what is drawn to. */
  readonly '2D': number;
}

/** Counts the textures of all WebGL contexts of a spec from now on. */
export function countTextures(): () => TextureCounts {
  const { prototype, TEXTURE_2D, TEXTURE_3D } = WebGL2RenderingContext;
  const bound = spyOn(prototype, 'bindTexture').and.callThrough();
  const deleted = spyOn(prototype, 'deleteTexture').and.callThrough();
  const count = (wanted: GLenum): number => {
    const live = new Set(
      bound.calls
        .allArgs()
        .filter(([target]) => target === wanted)
        .map(([, texture]) => texture),
    );
    deleted.calls.allArgs().forEach(([texture]) => live.delete(texture));
    live.delete(null);
    return live.size;
  };
  return () => ({ '3D': count(TEXTURE_3D), '2D': count(TEXTURE_2D) });
}
