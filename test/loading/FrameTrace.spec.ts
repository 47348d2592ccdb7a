import { FrameTrace } from '../../src/loading/FrameTrace.js';
import type { FrameTraceDetail } from '../../src/loading/FrameTrace.js';

interface Measure {
  readonly step: string;
  readonly start: number;
  readonly end: number;
  readonly detail: FrameTraceDetail;
}

function measures(): Measure[] {
  return (performance.getEntriesByType('measure') as PerformanceMeasure[])
    .filter(({ name }) => name.startsWith('streaming-volume:'))
    .map(({ name, startTime, duration, detail }) => ({
      step: name.slice('streaming-volume:'.length),
      start: startTime,
      end: startTime + duration,
      detail: detail as FrameTraceDetail,
    }));
}

/** The steps of all measures, in the order in which they were written. */
function steps(): string[] {
  return measures().map(({ step }) => step);
}

describe('FrameTrace', () => {
  let trace: FrameTrace;
  let now: number;

  beforeEach(() => {
    performance.clearMeasures();
    now = 1000;
    spyOn(performance, 'now').and.callFake(() => now);
    trace = new FrameTrace('volume-1', ['a:0', 'a:1']);
  });

  afterEach(() => {
    performance.clearMeasures();
  });

  /** Times as a worker states them. */
  function times(requested: number, received: number, decoded: number): Record<string, number> {
    const { timeOrigin } = performance;
    return {
      requestedAt: timeOrigin + requested,
      receivedAt: timeOrigin + received,
      decodedAt: timeOrigin + decoded,
    };
  }

  it('writes one measure for each step, from the beginning of the step to that of the next', () => {
    trace.moved(1, 'queued');
    now = 1010;
    trace.moved(1, 'loading');
    trace.addTimes(1, times(1012, 1030, 1034) as never);
    now = 1040;
    trace.moved(1, 'loaded');
    now = 1062;
    trace.drawn(1, 1060);
    expect(
      measures().map(({ step, start, end }) => [step, Math.round(start), Math.round(end)]),
    ).toEqual([
      ['queued', 1000, 1012],
      ['requested', 1012, 1030],
      ['received', 1030, 1034],
      ['decoded', 1034, 1040],
      ['placed', 1040, 1060],
      ['drawn', 1060, 1062],
    ]);
    for (const { detail, step } of measures()) {
      expect(detail).toEqual(
        jasmine.objectContaining({
          volumeId: 'volume-1',
          imageId: 'a:1',
          sliceIndex: 1,
          failed: false,
        }),
      );
      expect(detail.devtools.track).toBe(step as never);
    }
  });

  it('knows only the request of a frame whose loader states no times', () => {
    trace.moved(0, 'queued');
    trace.moved(0, 'loading');
    trace.addTimes(0, undefined);
    trace.moved(0, 'loaded');
    expect(steps()).toEqual(['queued', 'requested']);
  });

  it('says of which step a frame failed, and begins anew when it is loaded again', () => {
    trace.moved(0, 'queued');
    trace.moved(0, 'loading');
    trace.moved(0, 'failed');
    expect(measures().map(({ step, detail }) => [step, detail.failed])).toEqual([
      ['queued', false],
      ['requested', true],
    ]);
    trace.drawn(0, now);
    expect(steps().length).toBe(2);
    trace.moved(0, 'idle');
    now = 5000;
    trace.moved(0, 'queued');
    trace.moved(0, 'loading');
    trace.moved(0, 'loaded');
    expect(measures().filter(({ start }) => start >= 5000).length).toBe(2);
  });

  it('writes nothing of a frame that was cancelled', () => {
    trace.moved(0, 'queued');
    trace.moved(0, 'loading');
    trace.moved(0, 'idle');
    trace.drawn(0, now);
    expect(steps()).toEqual([]);
  });

  it('writes a slice as drawn once, and not before it is loaded', () => {
    trace.moved(0, 'queued');
    trace.drawn(0, now);
    expect(steps()).toEqual([]);
    trace.moved(0, 'loading');
    trace.moved(0, 'loaded');
    trace.drawn(0, now);
    trace.drawn(0, now);
    expect(steps()).toEqual(['queued', 'requested', 'placed', 'drawn']);
  });
});
