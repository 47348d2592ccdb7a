/** The elements from the Extended Offset Table to the end of a file of encapsulated pixel data. */
export interface Encapsulated {
  /** Of each frame. */
  readonly fragments: readonly (readonly Uint8Array[])[];
  /** Entries of the Basic Offset Table, computed from the correct offsets. */
  readonly basic?: (offsets: readonly number[]) => readonly number[];
  readonly extended?: (offsets: readonly number[]) => readonly number[];
  readonly lengths?: readonly number[];
  /** Default: the delimiter after the last fragment. */
  readonly end?: readonly number[];
}

const item = (content: Uint8Array): number[] => [
  0xfe,
  0xff,
  0x00,
  0xe0,
  ...new Uint8Array(Uint32Array.of(content.length).buffer),
  ...content,
];
const long = (element: number, vr: string, length: number): number[] => [
  0xe0,
  0x7f,
  element,
  0,
  ...new TextEncoder().encode(vr),
  0,
  0,
  ...new Uint8Array(Uint32Array.of(length).buffer),
];
const bigNumbers = (values: readonly number[]): number[] => [
  ...new Uint8Array(BigUint64Array.from(values, BigInt).buffer),
];

/** Encodes the elements, in explicit VR little endian (PS3.5 A.4). */
export function encapsulate({ fragments, basic, extended, lengths, end }: Encapsulated): number[] {
  const offsets: number[] = [];
  let offset = 0;
  for (const ofFrame of fragments) {
    offsets.push(offset);
    offset += ofFrame.reduce((sum, fragment) => sum + 8 + fragment.length, 0);
  }
  const table = new Uint8Array(Uint32Array.from(basic?.(offsets) ?? []).buffer);
  const wide = bigNumbers(extended?.(offsets) ?? []);
  return [
    ...(extended ? [...long(1, 'OV', wide.length), ...wide] : []),
    ...(lengths ? [...long(2, 'OV', lengths.length * 8), ...bigNumbers(lengths)] : []),
    ...long(0x10, 'OB', 0xffffffff),
    ...item(table),
    ...fragments.flat().flatMap(item),
    ...(end ?? [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]),
  ];
}
