import type { FrameReport } from '../../../src/pixels/worker/frameMessages.js';
import { ReportBatch } from '../../../src/pixels/worker/ReportBatch.js';

describe('ReportBatch', () => {
  let time: number;
  let timer: { readonly dueAt: number; readonly run: () => void } | undefined;
  let sent: { ids: number[]; transfer: readonly Transferable[] }[];
  let batch: ReportBatch;

  beforeEach(() => {
    time = 0;
    timer = undefined;
    sent = [];
    batch = new ReportBatch(
      (reports, transfer) => {
        sent.push({ ids: reports.map((report) => ('id' in report ? report.id : -1)), transfer });
      },
      {
        now: () => time,
        timer: (run, milliseconds) => {
          timer = { dueAt: time + milliseconds, run };
          return () => {
            timer = undefined;
          };
        },
      },
    );
  });

  const report = (id: number): FrameReport => ({
    type: 'ended',
    id,
    received: { loaded: 1, total: 1 },
    head: undefined,
    outcome: { type: 'pixels', values: undefined, range: undefined },
  });

  function addAt(milliseconds: number, id: number, mayWait = true): void {
    time = milliseconds;
    batch.add(report(id), [], mayWait);
  }

  const sentIds = () => sent.map(({ ids }) => ids);

  it('sends at once what comes seldom', () => {
    addAt(0, 1);
    addAt(20, 2);
    addAt(40, 3);
    expect(sentIds()).toEqual([[1], [2], [3]]);
  });

  it('sends four in one go when they come fast', () => {
    addAt(0, 0);
    for (let id = 1; id <= 8; id++) {
      addAt(id, id);
    }
    expect(sentIds()).toEqual([[0], [1, 2, 3, 4], [5, 6, 7, 8]]);
    expect(timer).toBeUndefined();
  });

  it('keeps none longer than an animation frame', () => {
    addAt(0, 1);
    addAt(5, 2);
    addAt(15, 3);
    expect(sentIds()).toEqual([[1]]);
    expect(timer?.dueAt).toBe(5 + 16);
    timer?.run();
    expect(sentIds()).toEqual([[1], [2, 3]]);
  });

  it('sends the waiting reports together with an urgent one', () => {
    addAt(0, 1);
    addAt(1, 2);
    addAt(2, 3, false);
    expect(sentIds()).toEqual([[1], [2, 3]]);
    expect(timer).toBeUndefined();
  });

  it('transfers what belongs to the reports, each once', () => {
    const buffers = [new ArrayBuffer(1), new ArrayBuffer(1), new ArrayBuffer(1)] as const;
    batch.add(report(1), [buffers[0]], true);
    batch.add(report(2), [buffers[1]], true);
    batch.add(report(3), [buffers[2]], false);
    expect(sent.map(({ transfer }) => transfer)).toEqual([[buffers[0]], [buffers[1], buffers[2]]]);
  });
});
