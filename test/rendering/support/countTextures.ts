/**
 * Counts textures that are used from now on, to the end of the spec, and are not deleted.
 *
 * @param target - of WebGL, such as TEXTURE_3D; each texture has one for all its life
 */
export function countTextures(target: number): () => number {
  const { prototype } = WebGL2RenderingContext;
  const bound = spyOn(prototype, 'bindTexture').and.callThrough();
  const deleted = spyOn(prototype, 'deleteTexture').and.callThrough();
  return () => {
    const textures = bound.calls
      .allArgs()
      .filter(([boundTo]) => boundTo === target)
      .map(([, texture]) => texture);
    const live = new Set(textures);
    deleted.calls.allArgs().forEach(([texture]) => live.delete(texture));
    live.delete(null);
    return live.size;
  };
}
