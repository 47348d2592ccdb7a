import { FrameUploads, type FrameRun } from '../../src/texture/FrameUploads.js';

const ALL_WRITTEN = () => true;

/** A clock that a run of uploads moves on by a fixed time for each slice. */
function uploadAt(uploads: FrameUploads, budgetMs: number, msPerFrame: number): FrameRun[] {
  let time = 100;
  const runs: FrameRun[] = [];
  uploads.upload(
    (run) => {
      runs.push(run);
      time += run.frameCount * msPerFrame;
    },
    { budgetMs, now: () => time },
  );
  return runs;
}

function countFrames(runs: readonly FrameRun[]): number {
  return runs.reduce((sum, { frameCount }) => sum + frameCount, 0);
}

describe('FrameUploads', () => {
  it('starts with all written slices pending', () => {
    const uploads = new FrameUploads(4, (frame) => frame !== 2);
    expect(uploads.getPending()).toEqual([true, true, false, true]);
    expect(uploads.hasPending()).toBeTrue();
    expect(uploads.isEmpty()).toBeTrue();
  });

  it('has nothing pending while nothing is written', () => {
    const uploads = new FrameUploads(4, () => false);
    expect(uploads.hasPending()).toBeFalse();
    expect(uploads.getNextRun(4)).toBeUndefined();
  });

  it('uploads a slice once it is written, without being told again', () => {
    const written = [true, false];
    const uploads = new FrameUploads(2, (frame) => written[frame] ?? false);
    expect(uploadAt(uploads, 10, 1)).toEqual([{ firstFrame: 0, frameCount: 1 }]);
    expect(uploads.hasPending()).toBeFalse();
    written[1] = true;
    expect(uploadAt(uploads, 10, 1)).toEqual([{ firstFrame: 1, frameCount: 1 }]);
  });

  it('begins at the middle slice and goes outwards', () => {
    const uploads = new FrameUploads(7, ALL_WRITTEN);
    expect(uploads.getNextRun(1)).toEqual({ firstFrame: 3, frameCount: 1 });
    expect(uploads.getNextRun(3)).toEqual({ firstFrame: 2, frameCount: 3 });
    expect(uploads.getNextRun(100)).toEqual({ firstFrame: 0, frameCount: 7 });
  });

  it('goes on in the order in which slices were marked', () => {
    const written = new Set<number>();
    const uploads = new FrameUploads(40, (frame) => written.has(frame));
    for (const frame of [32, 0, 16, 17]) {
      written.add(frame);
      uploads.markDirty(frame);
    }
    expect(uploadAt(uploads, 1, 1)).toEqual([{ firstFrame: 32, frameCount: 1 }]);
    expect(uploadAt(uploads, 1, 1)).toEqual([{ firstFrame: 0, frameCount: 1 }]);
    expect(uploads.getNextRun(8)).toEqual({ firstFrame: 16, frameCount: 2 });
  });

  it('merges neighbours and leaves out what lies beyond a gap', () => {
    const uploads = new FrameUploads(8, (frame) => frame !== 3 && frame !== 6);
    expect(uploads.getNextRun(8)).toEqual({ firstFrame: 4, frameCount: 2 });
  });

  it('reaches the first and the last slice', () => {
    const first = new FrameUploads(6, (frame) => frame === 0);
    const last = new FrameUploads(6, (frame) => frame === 5);
    expect(first.getNextRun(2)).toEqual({ firstFrame: 0, frameCount: 1 });
    expect(last.getNextRun(2)).toEqual({ firstFrame: 5, frameCount: 1 });
  });

  it('uploads each slice once where the time is enough', () => {
    const uploads = new FrameUploads(50, ALL_WRITTEN);
    const runs = uploadAt(uploads, 1000, 1);
    const frames = runs.flatMap(({ firstFrame, frameCount }) =>
      Array.from({ length: frameCount }, (_, offset) => firstFrame + offset),
    );
    expect(frames.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, frame) => frame));
    expect(runs.length).toBeLessThan(20);
    expect(uploads.hasPending()).toBeFalse();
    expect(uploads.isEmpty()).toBeFalse();
  });

  it('stays within the time and goes on where it stopped', () => {
    const uploads = new FrameUploads(20, ALL_WRITTEN);
    expect(countFrames(uploadAt(uploads, 8, 1))).toBe(8);
    expect(countFrames(uploadAt(uploads, 8, 1))).toBe(8);
    expect(countFrames(uploadAt(uploads, 8, 1))).toBe(4);
    expect(countFrames(uploadAt(uploads, 8, 1))).toBe(0);
  });

  it('uploads one slice even if it takes longer than the time there is', () => {
    const uploads = new FrameUploads(3, ALL_WRITTEN);
    expect(countFrames(uploadAt(uploads, 8, 30))).toBe(1);
    expect(countFrames(uploadAt(uploads, 0, 0))).toBe(1);
    expect(uploads.hasPending()).toBeTrue();
  });

  it('grows its runs step by step while the clock stands still', () => {
    const uploads = new FrameUploads(15, ALL_WRITTEN);
    const runs = uploadAt(uploads, 8, 0);
    expect(runs.slice(0, 3).map(({ frameCount }) => frameCount)).toEqual([1, 2, 4]);
    expect(countFrames(runs)).toBe(15);
  });

  it('keeps a run pending whose upload throws', () => {
    const uploads = new FrameUploads(1, ALL_WRITTEN);
    const failing = () => {
      throw new Error('no memory');
    };
    expect(() => uploads.upload(failing, { budgetMs: 8, now: () => 0 })).toThrowError('no memory');
    expect(uploads.getPending()).toEqual([true]);
  });

  it('uploads again what is marked again', () => {
    const uploads = new FrameUploads(5, ALL_WRITTEN);
    uploadAt(uploads, 100, 1);
    uploads.markDirty(4);
    expect(uploads.getPending()).toEqual([false, false, false, false, true]);
    uploadAt(uploads, 100, 1);
    uploads.markAllDirty();
    expect(countFrames(uploadAt(uploads, 100, 1))).toBe(5);
  });
});
