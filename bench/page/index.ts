import type { Measurement } from './Measurement.js';
import { prepareTask } from './prepareTask.js';
import type { Figures, Task } from './task.js';

declare global {
  interface Window {
    /** For the script that drives the page: the phases of one measurement, in this order. */
    bench: {
      readonly prepare: (task: Task) => Promise<void>;
      readonly measure: () => Promise<Figures>;
      readonly verify: () => Promise<void>;
    };
  }
}

let measurement: Measurement | undefined;

window.bench = {
  prepare: async (task) => {
    measurement = await prepareTask(task);
  },
  measure: async () => measurement?.measure() ?? {},
  verify: async () => measurement?.verify?.(),
};
