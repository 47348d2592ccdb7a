/** Makes Chromium draw WebGL2 by the processor. */
const SOFTWARE_GPU = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

/**
 * The flags of headless Chromium for the tests, the screenshots and the measurements. A root user needs
 * `--no-sandbox`.
 *
 * @param {readonly string[]} [gpu] flags that choose how WebGL2 is drawn; default: without a graphics card
 * @returns {string[]}
 */
export function chromiumFlags(gpu = SOFTWARE_GPU) {
  return [
    '--headless',
    ...gpu,
    '--ignore-gpu-blocklist',
    '--disable-background-networking',
    '--disable-dev-shm-usage',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
