/**
 * Sets all slices of a new float texture to one value, without an upload.
 *
 * Only formats that can be drawn to can be cleared. Where the browser has none, the slices keep the 0
 * that new storage has.
 *
 * @param texture - a TEXTURE_3D with storage
 * @param depth - number of slices
 */
export function clearSlices(
  gl: WebGL2RenderingContext,
  texture: WebGLTexture,
  depth: number,
  value: number,
): void {
  if (!gl.getExtension('EXT_color_buffer_float')) {
    return;
  }
  const previousFramebuffer = gl.getParameter(gl.FRAMEBUFFER_BINDING) as WebGLFramebuffer | null;
  const previousMask = gl.getParameter(gl.COLOR_WRITEMASK) as [boolean, boolean, boolean, boolean];
  const hadScissor = gl.isEnabled(gl.SCISSOR_TEST);
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.colorMask(true, true, true, true);
  gl.disable(gl.SCISSOR_TEST);
  for (let slice = 0; slice < depth; slice++) {
    gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture, 0, slice);
    if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE) {
      break;
    }
    gl.clearBufferfv(gl.COLOR, 0, [value, value, value, value]);
  }
  gl.bindFramebuffer(gl.FRAMEBUFFER, previousFramebuffer);
  gl.deleteFramebuffer(framebuffer);
  gl.colorMask(...previousMask);
  if (hadScissor) {
    gl.enable(gl.SCISSOR_TEST);
  }
}
