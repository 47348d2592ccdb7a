import type { RenderingEngine } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { Application } from './application.js';
import { ErrorBanner } from './errorBanner.js';
import { acceptFiles } from './acceptFiles.js';
import type { LoadState } from './volumeSession.js';
import { Undrawn } from './undrawn.js';
import { hasWebGL2 } from './webGL.js';

declare global {
  interface Window {
    /** For scripts that drive the page. */
    demo: {
      readonly state: LoadState;
      readonly volume: StreamingImageVolume | undefined;
      /** Undefined where the browser cannot draw. */
      readonly renderingEngine: RenderingEngine | undefined;
    };
  }
}

const banner = new ErrorBanner();
try {
  const root = `${location.origin}/dicomweb`;
  const application = hasWebGL2() ? new Application(root, banner) : new Undrawn(root, banner);
  window.demo = {
    get state() {
      return application.state;
    },
    get volume() {
      return application.session?.volume;
    },
    renderingEngine: application instanceof Application ? application.viewer.engine : undefined,
  };
  acceptFiles(
    (files) => {
      void application.openFiles(files);
    },
    (error) => {
      banner.show(error);
    },
  );
  void application.start();
} catch (error) {
  banner.show(error);
}
