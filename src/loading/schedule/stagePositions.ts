/** What says which frames a stage is about; see `RetrieveStage`. */
export interface StageExtent {
  readonly id?: string;
  readonly positions?: readonly number[];
  readonly decimate?: number;
  readonly offset?: number;
}

/**
 * The frames of a stage, in the order in which it names them, each once.
 *
 * @param count - number of frames
 * @throws TypeError that names the stage
 */
export function stagePositions(
  count: number,
  { id, positions, decimate = 1, offset = 0 }: StageExtent,
): number[] {
  if (positions) {
    return [...new Set(positions.map((position) => toIndex(count, position, id)))];
  }
  if (!Number.isInteger(decimate) || decimate < 1 || !Number.isInteger(offset) || offset < 0) {
    throw new TypeError(
      `Expected decimate and offset of stage ${id} to be whole numbers from 1 and from 0, ` +
        `got ${decimate} and ${offset}`,
    );
  }
  const indices: number[] = [];
  for (let index = offset; index < count; index += decimate) {
    indices.push(index);
  }
  return indices;
}

function toIndex(count: number, position: number, id: string | undefined): number {
  const index =
    position < 0 ? count + position : position < 1 ? Math.floor((count - 1) * position) : position;
  if (!Number.isInteger(index) || index < 0 || index >= count) {
    throw new TypeError(
      `Expected positions of stage ${id} to be those of ${count} frames, got ${position}`,
    );
  }
  return index;
}
