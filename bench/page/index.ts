import { runTask } from './runTask.js';

declare global {
  interface Window {
    /** For the script that drives the page. */
    bench: { readonly run: typeof runTask };
  }
}

window.bench = { run: runTask };
