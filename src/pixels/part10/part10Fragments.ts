import type { DataSet, Element } from 'dicom-parser';

/** A part of encapsulated pixel data, as dicom-parser describes it. */
interface Fragment {
  /** From the item of the first fragment to that of this one, as offset tables count. */
  readonly offset: number;
  /** First byte, from the start of the file. */
  readonly position: number;
  readonly length: number;
}

/** The parts of one frame. */
export interface FrameFragments {
  readonly fragments: readonly Fragment[];
  /** Bytes of the frame, where the file says so; the fragments may have padding behind them. */
  readonly byteLength: number | undefined;
}

/**
 * Assigns the fragments of encapsulated pixel data to frames (PS3.5 A.4).
 *
 * - One frame has all fragments, and as many frames as fragments have one each: a frame has at least one,
 *   whatever a table says.
 * - Otherwise the Extended Offset Table (PS3.3 C.7.6.3.1.8) says where frames begin, or else the Basic Offset
 *   Table, if each of its entries is the place of a fragment, in rising order, and it has one for each frame.
 * - Otherwise the fragments that begin as an image in the codestream does, if they are as many as frames.
 *
 * @returns one entry for each frame
 * @throws Error where none of these applies
 */
export function fragmentsOfFrames(dataSet: DataSet): readonly FrameFragments[] {
  const { fragments = [], basicOffsetTable = [] } = dataSet.elements['x7fe00010'] ?? {};
  const frameCount = readFrameCount(dataSet);
  const lengths = bigNumbers(dataSet, 'x7fe00002', frameCount);
  const starts = frameStarts(dataSet, fragments, basicOffsetTable, frameCount);
  if (!starts) {
    throw new Error(
      `it has ${fragments.length} fragments for ${frameCount} frames, and nothing says where they begin`,
    );
  }
  return starts.map((start, frame) => {
    const ofFrame = fragments.slice(start, starts[frame + 1] ?? fragments.length);
    const available = ofFrame.reduce((sum, { length }) => sum + length, 0);
    const stated = lengths?.[frame] ?? 0;
    return {
      fragments: ofFrame,
      byteLength: stated > 0 && stated <= available ? stated : undefined,
    };
  });
}

/** Number of Frames (PS3.3 C.7.6.6.1.1); 1 where the file does not say a positive number. */
function readFrameCount(dataSet: DataSet): number {
  const stated = dataSet.intString('x00280008') ?? 1;
  return stated >= 1 ? stated : 1;
}

/** The index of the first fragment of each frame. */
function frameStarts(
  dataSet: DataSet,
  fragments: readonly Fragment[],
  basicOffsetTable: readonly number[],
  frameCount: number,
): readonly number[] | undefined {
  if (fragments.length < frameCount) {
    return undefined;
  }
  if (frameCount === 1) {
    return [0];
  }
  if (fragments.length === frameCount) {
    return fragments.map((_, index) => index);
  }
  return (
    startsByTable(bigNumbers(dataSet, 'x7fe00001', frameCount), fragments, frameCount) ??
    startsByTable(basicOffsetTable, fragments, frameCount) ??
    startsByContent(dataSet.byteArray, fragments, frameCount)
  );
}

function startsByTable(
  offsets: readonly number[] | undefined,
  fragments: readonly Fragment[],
  frameCount: number,
): readonly number[] | undefined {
  if (offsets?.length !== frameCount || offsets[0] !== 0) {
    return undefined;
  }
  const indices = new Map(fragments.map(({ offset }, index) => [offset, index]));
  const starts = offsets.flatMap((offset) => indices.get(offset) ?? []);
  const isRising = starts.every((start, frame) => frame === 0 || start > (starts[frame - 1] ?? 0));
  return starts.length === frameCount && isRising ? starts : undefined;
}

/**
 * How compressed images begin: JPEG and JPEG-LS (ITU-T T.81 B.1.1.3: start of image, then a marker), JPEG 2000
 * (T.800 A.4.1: start of codestream, then SIZ; or the signature box of I.5.1), JPEG XL (ISO/IEC 18181-2 9.1).
 */
const IMAGE_STARTS: readonly (readonly number[])[] = [
  [0xff, 0xd8, 0xff],
  [0xff, 0x4f, 0xff, 0x51],
  [0, 0, 0, 0x0c, 0x6a, 0x50, 0x20, 0x20],
  [0xff, 0x0a],
  [0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20],
];

function startsByContent(
  bytes: Uint8Array,
  fragments: readonly Fragment[],
  frameCount: number,
): readonly number[] | undefined {
  const first = fragments[0];
  // The following fragments of a frame may begin with any bytes: only the mark of the first fragment counts.
  const mark = first && IMAGE_STARTS.find((each) => beginsWith(bytes, first, each));
  if (!mark) {
    return undefined;
  }
  const starts = fragments.flatMap((fragment, index) =>
    beginsWith(bytes, fragment, mark) ? [index] : [],
  );
  return starts.length === frameCount ? starts : undefined;
}

function beginsWith(
  bytes: Uint8Array,
  { position, length }: Fragment,
  mark: readonly number[],
): boolean {
  return length >= mark.length && mark.every((byte, at) => bytes[position + at] === byte);
}

/** The 64 bit numbers of an element, if it has `count` of them. Numbers beyond 2^53 are no offsets in any file. */
function bigNumbers(dataSet: DataSet, tag: string, count: number): number[] | undefined {
  const element: Element | undefined = dataSet.elements[tag];
  if (element?.length !== count * 8) {
    return undefined;
  }
  const { buffer, byteOffset } = dataSet.byteArray;
  const view = new DataView(buffer, byteOffset + element.dataOffset, element.length);
  return Array.from({ length: count }, (_, index) => Number(view.getBigUint64(index * 8, true)));
}
