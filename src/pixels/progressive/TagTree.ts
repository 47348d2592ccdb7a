import type { PacketBits } from './PacketBits.js';

/** One level of the tree. */
interface Level {
  readonly columns: number;
  /** Lower bound of each value, as far as bits were read. */
  readonly atLeast: Uint16Array;
  readonly isKnown: Uint8Array;
}

/** Numbers of code blocks, each coded beside the smallest of its neighbours (ITU-T T.800 B.10.2). */
export class TagTree {
  /** From the root. */
  readonly #levels: readonly Level[];

  constructor(columns: number, rows: number) {
    const levels: Level[] = [];
    for (
      let [x, y] = [columns, rows];
      x > 0 && y > 0;
      [x, y] = [Math.ceil(x / 2), Math.ceil(y / 2)]
    ) {
      levels.unshift({
        columns: x,
        atLeast: new Uint16Array(x * y),
        isKnown: new Uint8Array(x * y),
      });
      if (x === 1 && y === 1) {
        break;
      }
    }
    this.#levels = levels;
  }

  /** Reads as many bits as tell whether the number of a code block is below a threshold. */
  isBelow(x: number, y: number, threshold: number, bits: PacketBits): boolean {
    let least = 0;
    let isKnown = false;
    const deepest = this.#levels.length - 1;
    for (const [depth, level] of this.#levels.entries()) {
      const shift = deepest - depth;
      const node = (y >> shift) * level.columns + (x >> shift);
      least = Math.max(least, level.atLeast[node] as number);
      isKnown = level.isKnown[node] === 1;
      while (!isKnown && least < threshold) {
        if (bits.read() === 1) {
          isKnown = true;
        } else {
          least += 1;
        }
      }
      level.atLeast[node] = least;
      level.isKnown[node] = isKnown ? 1 : 0;
    }
    return isKnown && least < threshold;
  }
}
