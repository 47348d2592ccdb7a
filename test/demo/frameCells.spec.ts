import { cellSpan, countStates, describeCounts, frameAt } from '../../demo/src/frameCells.js';

describe('cellSpan', () => {
  it('parts the width without gaps and overlaps while frames are wider than a pixel', () => {
    const spans = Array.from({ length: 7 }, (_, index) => cellSpan(index, 7, 100));

    expect(spans[0]?.start).toBe(0);
    expect(spans[6]?.end).toBe(100);
    spans.slice(1).forEach(({ start }, index) => {
      expect(start).toBe(spans[index]?.end as number);
    });
  });

  it('gives each of more frames than pixels a whole pixel inside the width', () => {
    for (let index = 0; index < 1000; index++) {
      const { start, end } = cellSpan(index, 1000, 300);
      expect(end - start).toBe(1);
      expect(start >= 0 && end <= 300).toBeTrue();
    }
  });
});

describe('frameAt', () => {
  it('finds the frame of each place in its cell', () => {
    for (let index = 0; index < 7; index++) {
      const { start, end } = cellSpan(index, 7, 100);
      expect(frameAt((start + end) / 2, 7, 100)).toBe(index);
    }
  });

  it('stays with the frames at and beyond the edges', () => {
    expect(frameAt(-3, 20, 100)).toBe(0);
    expect(frameAt(0, 20, 100)).toBe(0);
    expect(frameAt(100, 20, 100)).toBe(19);
    expect(frameAt(104, 20, 100)).toBe(19);
  });
});

describe('describeCounts', () => {
  it('names the states that frames are in', () => {
    const counts = countStates(['loaded', 'failed', 'queued', 'loaded', 'queued', 'queued']);

    expect(counts).toEqual({
      idle: 0,
      queued: 3,
      loading: 0,
      partial: 0,
      loaded: 2,
      failed: 1,
      absent: 0,
    });
    expect(describeCounts(counts)).toBe('6 frames: 3 queued, 2 loaded, 1 failed');
    expect(describeCounts(countStates(['loading']))).toBe('1 frame: 1 loading');
    expect(describeCounts(countStates([]))).toBe('No frames');
  });
});
