import type { TestElement } from './encodePart10.js';

/** Attributes of an image; elements may be added or replaced. */
export interface TestImage {
  readonly series: string;
  readonly number: number;
  readonly modality?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly frames?: number;
  /** In mm; omitted where functional groups state it. */
  readonly position?: readonly number[];
  readonly more?: readonly TestElement[];
}

/** Creates the elements of an unsigned image of 16 bits, in the order of their tags. */
export function imageElements({
  series,
  number,
  modality = 'CT',
  columns = 4,
  rows = 3,
  frames,
  position,
  more = [],
}: TestImage): TestElement[] {
  const elements: TestElement[] = [
    text(0x00080018, 'UI', `${series}.${number}`),
    text(0x00080060, 'CS', modality),
    text(0x0020000d, 'UI', '1.2.3'),
    text(0x0020000e, 'UI', series),
    text(0x00200013, 'IS', String(number)),
    text(0x00200052, 'UI', `${series}.99`),
    ...(position ? planeElements(position) : []),
    us(0x00280002, 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    ...(frames === undefined ? [] : [text(0x00280008, 'IS', String(frames))]),
    us(0x00280010, rows),
    us(0x00280011, columns),
    us(0x00280100, 16),
    us(0x00280101, 16),
    us(0x00280102, 15),
    us(0x00280103, 0),
  ];
  const byTag = new Map([...elements, ...more].map((element) => [element.tag, element]));
  return [...byTag.values()].sort((a, b) => a.tag - b.tag);
}

/** Image position, orientation and pixel spacing, as in an image of one frame. */
function planeElements(position: readonly number[]): TestElement[] {
  return [
    text(0x00200032, 'DS', position.join('\\')),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    text(0x00280030, 'DS', '0.8\\0.7'),
  ];
}

/** An element with texts, joined by backslashes. */
export function text(tag: number, vr: string, value: string): TestElement {
  return { tag, vr, value };
}

/** An element with 16 bit numbers. */
export function us(tag: number, ...value: number[]): TestElement {
  return { tag, vr: 'US', value };
}

/** A sequence; each item is a list of elements. */
export function sq(tag: number, ...value: (readonly TestElement[])[]): TestElement {
  return { tag, vr: 'SQ', value };
}

/** Native pixels of 16 bits, lowest byte first. */
export function words(...values: number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, index) => {
    view.setUint16(index * 2, value, true);
  });
  return bytes;
}

/** Pixels of a slice of 4 x 3; all slices and positions differ. */
export function slicePixels(slice: number): number[] {
  return Array.from({ length: 12 }, (_, index) => 100 * (slice + 1) + index);
}
