/**
 * The flags that make headless Chromium draw WebGL2 without a graphics card, the same for the
 * tests, the screenshots and the measurements. A root user needs `--no-sandbox`.
 *
 * @returns {string[]}
 */
export function chromiumFlags() {
  return [
    '--headless',
    '--use-angle=swiftshader',
    '--enable-unsafe-swiftshader',
    '--ignore-gpu-blocklist',
    '--disable-background-networking',
    '--disable-dev-shm-usage',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}
