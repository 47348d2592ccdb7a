import { karmaFixtures } from './karmaFixtures.js';

/** Size of the frames: neither side is a multiple of what the wavelet halves. */
export const COLUMNS = 75;
export const ROWS = 50;
/** Wavelet decompositions of the encoders of the codec server. */
export const LEVELS = 2;

/** Unsigned values of 12 bits in words, smooth with some noise: lower resolutions look alike, and take less bytes. */
export function frameValues(slice: number): Uint16Array {
  return Uint16Array.from({ length: COLUMNS * ROWS }, (_, i) => {
    const [x, y] = [i % COLUMNS, Math.floor(i / COLUMNS)];
    const wave = 900 * Math.sin((x + 9 * slice) / 9) * Math.cos(y / 7);
    return 1500 + Math.round(wave) + ((x * 7919 + y * 104729 + slice * 31) % 61);
  });
}

/** Has the codec server encode a frame of one or three samples. */
export async function encodeValues(
  encoding: string,
  samples: Uint16Array | Uint8Array,
  components = 1,
): Promise<Uint8Array> {
  const query = new URLSearchParams({
    width: String(COLUMNS),
    height: String(ROWS),
    bits: String(8 * samples.BYTES_PER_ELEMENT),
    components: String(components),
    isSigned: 'false',
  });
  const body = new Uint8Array(samples.buffer as ArrayBuffer);
  const response = await fetch(`${String(karmaFixtures['codecOrigin'])}/${encoding}?${query}`, {
    method: 'POST',
    body,
  });
  if (!response.ok) {
    throw new Error(`${encoding}: ${await response.text()}`);
  }
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The lower resolution of a frame: the low frequencies of the reversible wavelet (ITU-T T.800 F.4.8.1), of columns and
 * then of rows, so many times.
 */
export function lowerResolution(
  values: ArrayLike<number>,
  levels: number,
): { readonly columns: number; readonly rows: number; readonly values: number[] } {
  let [columns, rows] = [COLUMNS, ROWS];
  let current = Array.from(values);
  for (let level = 0; level < levels; level++) {
    const [width, height] = [columns, rows];
    const from = current;
    rows = Math.ceil(height / 2);
    const tall = Array.from({ length: width }, (_, x) =>
      lowFrequencies(Array.from({ length: height }, (__, y) => from[y * width + x] as number)),
    );
    columns = Math.ceil(width / 2);
    current = Array.from({ length: rows }, (_, y) =>
      lowFrequencies(tall.map((column) => column[y] as number)),
    ).flat();
  }
  return { columns, rows, values: current };
}

function lowFrequencies(line: readonly number[]): number[] {
  const last = line.length - 1;
  // Symmetric extension at both ends.
  const at = (i: number): number => line[i < 0 ? -i : i > last ? 2 * last - i : i] as number;
  const high = (i: number): number => at(i) - Math.floor((at(i - 1) + at(i + 1)) / 2);
  const highAt = (i: number): number => high(i < 0 ? -i : i > last ? 2 * last - i : i);
  return Array.from({ length: Math.ceil(line.length / 2) }, (_, i) =>
    line.length === 1
      ? at(0)
      : at(2 * i) + Math.floor((highAt(2 * i - 1) + highAt(2 * i + 1) + 2) / 4),
  );
}
