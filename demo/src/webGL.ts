/** Whether the browser has WebGL 2, without which Cornerstone's volume viewports draw nothing. */
export function hasWebGL2(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  // A browser has a limit of contexts, which the viewports need.
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
