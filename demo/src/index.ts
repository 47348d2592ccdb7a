import type { RenderingEngine } from '@cornerstonejs/core';
import type { StreamingImageVolume } from '../../src/index.js';
import { Application } from './application.js';
import { ErrorBanner } from './errorBanner.js';
import { acceptFiles } from './acceptFiles.js';
import type { LoadState } from './volumeSession.js';

declare global {
  interface Window {
    /** For scripts that drive the page. */
    demo: {
      readonly state: LoadState;
      readonly volume: StreamingImageVolume | undefined;
      readonly renderingEngine: RenderingEngine;
    };
  }
}

const banner = new ErrorBanner();
try {
  const application = new Application(`${location.origin}/dicomweb`, banner);
  window.demo = {
    get state() {
      return application.session?.state ?? 'idle';
    },
    get volume() {
      return application.session?.volume;
    },
    renderingEngine: application.viewer.engine,
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
