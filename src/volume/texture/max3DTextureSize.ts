let known: number | undefined;

/**
 * The longest that a side of a 3D texture may be in this browser; Infinity where it has no WebGL2 and
 * nothing is drawn with it. Asked once.
 */
export function max3DTextureSize(): number {
  known ??= readLimit();
  return known;
}

function readLimit(): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) {
    return Infinity;
  }
  const limit = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number;
  // Browsers keep few contexts, and take away the oldest.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return limit;
}
