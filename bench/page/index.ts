import type { Measurement } from './Measurement.js';
import { prepareTask } from './prepareTask.js';
import { RequestSpy } from './RequestSpy.js';
import type { Figures, Task, Transport } from './task.js';

declare global {
  interface Window {
    /** For the script that drives the page: the phases of one measurement, in this order. */
    bench: {
      readonly prepare: (task: Task) => Promise<void>;
      readonly measure: () => Promise<Figures>;
      readonly transport: () => Transport | undefined;
      readonly verify: () => Promise<void>;
    };
  }
}

const spy = new RequestSpy();
let measurement: Measurement | undefined;

window.bench = {
  prepare: async (task) => {
    measurement = await prepareTask(task);
  },
  measure: async () => {
    const before = spy.pageRequests;
    const figures = await measurement?.measure();
    return {
      ...figures,
      pageRequests: spy.pageRequests - before,
      workersStarted: spy.workersStarted,
    };
  },
  transport: () => measurement?.transport?.(),
  verify: async () => measurement?.verify?.(),
};
