import { FrameUploads } from '../../../src/volume/texture/FrameUploads.js';
import { StandIns } from '../../../src/volume/texture/StandIns.js';

const ALL_WRITTEN = () => true;

/** Uploads by a clock that each slice moves on by a fixed time; returns the slices in order. */
function uploadAt(uploads: FrameUploads, budgetMs: number, msPerFrame: number): number[] {
  let time = 100;
  const frames: number[] = [];
  const uploaded = uploads.upload(
    (frame) => {
      frames.push(frame);
      time += msPerFrame;
      return 1;
    },
    { budgetMs, now: () => time },
  );
  expect(uploaded).toBe(frames.length);
  return frames;
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
    expect(uploadAt(uploads, 10, 1)).toEqual([]);
  });

  it('uploads a slice once it is written, without being told again', () => {
    const written = [true, false];
    const uploads = new FrameUploads(2, (frame) => written[frame] ?? false);
    expect(uploadAt(uploads, 10, 1)).toEqual([0]);
    expect(uploads.hasPending()).toBeFalse();
    written[1] = true;
    expect(uploadAt(uploads, 10, 1)).toEqual([1]);
  });

  it('begins at the middle slice and goes outwards', () => {
    const uploads = new FrameUploads(7, ALL_WRITTEN);
    expect(uploadAt(uploads, 100, 1)).toEqual([3, 4, 2, 5, 1, 6, 0]);
  });

  it('goes on in the order in which slices were marked', () => {
    const written = new Set<number>();
    const uploads = new FrameUploads(40, (frame) => written.has(frame));
    for (const frame of [32, 0, 16, 17]) {
      written.add(frame);
      uploads.markDirty(frame);
    }
    expect(uploadAt(uploads, 1, 1)).toEqual([32]);
    expect(uploadAt(uploads, 1, 1)).toEqual([0]);
    expect(uploadAt(uploads, 8, 1)).toEqual([16, 17]);
  });

  it('puts a slice before all others when it is told to', () => {
    const uploads = new FrameUploads(40, () => true);
    uploads.markDirty(3, true);
    uploads.markDirty(39, true);
    expect(uploadAt(uploads, 1, 1)).toEqual([39]);
    expect(uploadAt(uploads, 2, 1)).toEqual([3, 20]);
    uploads.markDirty(39);
    expect(uploadAt(uploads, 40, 1).at(-1)).toBe(39);
  });

  it('uploads each slice once where the time is enough', () => {
    const uploads = new FrameUploads(50, ALL_WRITTEN);
    const frames = uploadAt(uploads, 1000, 1);
    expect(frames.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, frame) => frame));
    expect(uploads.hasPending()).toBeFalse();
    expect(uploads.isEmpty()).toBeFalse();
  });

  it('stays within the time and goes on where it stopped', () => {
    const uploads = new FrameUploads(20, ALL_WRITTEN);
    expect(uploadAt(uploads, 8, 1).length).toBe(8);
    expect(uploadAt(uploads, 8, 1).length).toBe(8);
    expect(uploadAt(uploads, 8, 1).length).toBe(4);
    expect(uploadAt(uploads, 8, 1).length).toBe(0);
  });

  it('uploads one slice even if it takes longer than the time there is', () => {
    const uploads = new FrameUploads(3, ALL_WRITTEN);
    expect(uploadAt(uploads, 8, 30).length).toBe(1);
    expect(uploadAt(uploads, 0, 1).length).toBe(1);
    expect(uploads.hasPending()).toBeTrue();
  });

  it('uploads everything while the clock stands still', () => {
    expect(uploadAt(new FrameUploads(15, ALL_WRITTEN), 8, 0).length).toBe(15);
  });

  it('keeps a slice pending whose upload throws', () => {
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
    expect(uploadAt(uploads, 100, 1).length).toBe(5);
  });

  describe('with stand-ins', () => {
    const written = new Set<number>();
    let version = 0;
    const write = (slice: number): void => {
      written.add(slice);
      version += 1;
    };
    const create = (count: number): FrameUploads => {
      written.clear();
      return new FrameUploads(
        count,
        (slice) => written.has(slice),
        new StandIns(count, {
          get version() {
            return version;
          },
          isToCome: (slice) => !written.has(slice),
          canLend: (slice) => written.has(slice),
        }),
      );
    };
    /** Pairs of a slice and the one whose values it gets. */
    const upload = (
      uploads: FrameUploads,
      { budgetMs = 100, msPerFrame = 1, standInBytes = Infinity } = {},
    ): [number, number][] => {
      let time = 0;
      const pairs: [number, number][] = [];
      uploads.upload(
        (slice, from) => {
          pairs.push([slice, from]);
          time += msPerFrame;
          return 10;
        },
        { budgetMs, now: () => time, standInBytes },
      );
      return pairs;
    };

    it('uploads them after the slices that are written, the nearest first', () => {
      const uploads = create(5);
      write(1);
      expect(upload(uploads)).toEqual([
        [1, 1],
        [0, 1],
        [2, 1],
        [3, 1],
        [4, 1],
      ]);
      expect(uploads.hasPendingStandIns()).toBeFalse();
      expect([0, 1, 4].map((slice) => uploads.shownInPlaceOf(slice))).toEqual([1, undefined, 1]);
    });

    it('uploads none while a written slice is left, or where none is asked for', () => {
      const uploads = create(5);
      [0, 1, 2].forEach(write);
      expect(upload(uploads, { budgetMs: 2 }).map(([slice]) => slice)).toEqual([2, 1]);
      expect(upload(uploads, { standInBytes: 0 })).toEqual([[0, 0]]);
      expect(uploads.hasPending()).toBeFalse();
      expect(uploads.hasPendingStandIns()).toBeTrue();
      // At least one slice in each render, whatever the time.
      expect(upload(uploads, { budgetMs: 0 })).toEqual([[3, 2]]);
    });

    it('stops at the limit of bytes', () => {
      const uploads = create(9);
      write(4);
      upload(uploads, { standInBytes: 0 });
      expect(upload(uploads, { standInBytes: 25 }).length).toBe(3);
    });

    it('replaces the stand-in that gains most first, and never a written slice', () => {
      const uploads = create(8);
      write(0);
      upload(uploads);
      write(7);
      expect(upload(uploads)).toEqual([
        [7, 7],
        [6, 7],
        [5, 7],
        [4, 7],
      ]);
      write(5);
      expect(upload(uploads).map(([slice]) => slice)).toEqual([5, 4, 3]);
    });

    it('uploads a stand-in again when its lender has changed', () => {
      const uploads = create(3);
      write(0);
      upload(uploads);
      uploads.markDirty(0);
      expect(uploads.shownInPlaceOf(1)).toBe(0);
      expect(upload(uploads)).toEqual([
        [0, 0],
        [1, 0],
        [2, 0],
      ]);
    });
  });
});
