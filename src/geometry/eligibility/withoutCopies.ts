import type { FrameMetadata } from '../../base/types.js';
import type { EligibilityReason } from '../../base/eligibilityReason.js';
import { ALL_TAGS } from '../../base/splitTag.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import { countOf } from '../wording.js';

/** Frames of which each is there once. */
export interface DistinctFrames {
  /** In the order given. */
  readonly frames: readonly FrameMetadata[];
  /** What was taken out, each with the frame of {@link frames} that it is a copy of. */
  readonly copies: ReadonlyMap<FrameMetadata, FrameMetadata>;
}

/**
 * Takes out frames that are another frame at another address: the same SOP Instance UID, which is
 * globally unique (PS3.3 C.12.1.1.1), and the same frame of it. Also an imageId that is there twice.
 *
 * UIDs alone are not trusted, as software has given one to whole series: a frame that lies elsewhere, has
 * another size, or of which a tag says something else (such as the number or the time) is no copy.
 *
 * @param read - tells the tags; asked only about frames whose UIDs are the same
 */
export function withoutCopies(
  frames: readonly FrameMetadata[],
  read: SplitValueReader,
): DistinctFrames {
  const taken = new Map<string, FrameMetadata[]>();
  const kept: FrameMetadata[] = [];
  const copies = new Map<FrameMetadata, FrameMetadata>();
  for (const frame of frames) {
    const candidates = taken.get(nameOf(frame)) ?? [];
    const original = candidates.find((other) => isCopy(frame, other, read));
    if (original) {
      copies.set(frame, original);
    } else {
      kept.push(frame);
      taken.set(nameOf(frame), [...candidates, frame]);
    }
  }
  return copies.size > 0 ? { frames: kept, copies } : { frames, copies };
}

/** The warning of copies that were left out; undefined where there are none. */
export function describeCopies(copies: DistinctFrames['copies']): EligibilityReason | undefined {
  const [first] = copies;
  if (!first) {
    return undefined;
  }
  const [copy, original] = first;
  return {
    code: 'duplicate-instance',
    severity: 'warning',
    message:
      `${countOf(copies.size, 'image')} ${copies.size === 1 ? 'is' : 'are'} there twice, and left ` +
      `out: ${copy.imageId} is the same instance as ${original.imageId}.`,
    imageIds: [...copies.keys()].map(({ imageId }) => imageId),
  };
}

function nameOf({ imageId, sopInstanceUID, frameNumber }: FrameMetadata): string {
  return sopInstanceUID === undefined || frameNumber === undefined
    ? imageId
    : `${sopInstanceUID} ${frameNumber}`;
}

function isCopy(a: FrameMetadata, b: FrameMetadata, read: SplitValueReader): boolean {
  return a.imageId === b.imageId || (isAlike(a, b) && ALL_TAGS.every((tag) => agrees(tag)));

  function agrees(tag: (typeof ALL_TAGS)[number]): boolean {
    const [ofA, ofB] = [read(a.imageId, tag), read(b.imageId, tag)];
    return ofA === ofB || ofA === undefined || ofB === undefined;
  }
}

function isAlike(a: FrameMetadata, b: FrameMetadata): boolean {
  const placeOf = (frame: FrameMetadata) =>
    [
      frame.rows,
      frame.columns,
      frame.samplesPerPixel,
      ...frame.pixelSpacing,
      ...frame.imagePositionPatient,
      ...frame.imageOrientationPatient,
    ].join();
  return placeOf(a) === placeOf(b) && a.seriesInstanceUID === b.seriesInstanceUID;
}
