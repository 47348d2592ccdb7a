import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { prefetchMetadata } from '../../src/index.js';
import { encodePart10 } from './encodePart10.js';
import type { TestElement } from './encodePart10.js';

/** One image of 4 x 3 pixels with its header. */
export interface WrittenSlice {
  /** In mm, as the text of the header. */
  readonly position: string;
  /** Stored values, as 16 bit words. */
  readonly words: readonly number[];
  readonly bitsStored?: number;
  readonly isSigned?: boolean;
  readonly intercept?: number;
  readonly slope?: number;
  readonly modality?: string;
  readonly photometric?: string;
  readonly sopInstanceUID?: string;
  readonly instanceNumber?: number;
  /** Additional elements, or replacements of these. */
  readonly more?: readonly TestElement[];
}

export const COLUMNS = 4;
export const ROWS = 3;

/** The source that imageIds name. */
export const SOURCES = ['wadors', 'wadouri', 'dicomfile'] as const;
export type Source = (typeof SOURCES)[number];

let seriesCount = 0;

/** The root of the UIDs of a series, unique among all specs. */
export function newSeriesUid(): string {
  seriesCount += 1;
  return `1.2.826.77.${seriesCount}`;
}

/** An element of text; several values are joined by backslashes. */
export function text(tag: number, vr: string, value: string): TestElement {
  return { tag, vr, value };
}

/** Registers slices in Cornerstone, one image each. */
export async function openSlices(
  source: Source,
  series: string,
  slices: readonly WrittenSlice[],
): Promise<string[]> {
  const elements = slices.map((slice, index) => elementsOf(series, slice, index));
  const words = slices.map((slice) => bytesOf(slice.words));
  if (source === 'wadors') {
    return elements.map((each, index) => addDicomWebFrame(toJson(each), words[index], 1));
  }
  const files = await Promise.all(
    elements.map(async (each, index) => writeFile(each, words[index] as Uint8Array)),
  );
  const imageIds = files.map((file) => addFile(source, file));
  await prefetchMetadata(imageIds);
  return imageIds;
}

/** Registers the frames of one image in Cornerstone; the elements are all except the pixels. */
export async function openFrames(
  source: Source,
  elements: readonly TestElement[],
  frames: readonly (readonly number[])[],
): Promise<string[]> {
  const ascending = elements.toSorted((a, b) => a.tag - b.tag);
  if (source === 'wadors') {
    const json = toJson(ascending);
    return frames.map((words, index) => addDicomWebFrame(json, bytesOf(words), index + 1));
  }
  const file = addFile(source, await writeFile(ascending, bytesOf(frames.flat())));
  const imageIds = frames.map((_, index) => `${file}?frame=${index + 1}`);
  await prefetchMetadata(imageIds);
  return imageIds;
}

function elementsOf(series: string, slice: WrittenSlice, index: number): TestElement[] {
  const { bitsStored = 16, isSigned = false, modality = 'CT' } = slice;
  const us = (tag: number, value: number): TestElement => ({ tag, vr: 'US', value: [value] });
  const elements = [
    text(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    text(0x00080018, 'UI', slice.sopInstanceUID ?? `${series}.3.${index + 1}`),
    text(0x00080060, 'CS', modality),
    text(0x0020000d, 'UI', `${series}.1`),
    text(0x0020000e, 'UI', `${series}.2`),
    text(0x00200013, 'IS', String(slice.instanceNumber ?? index + 1)),
    text(0x00200032, 'DS', slice.position),
    text(0x00200037, 'DS', '1\\0\\0\\0\\1\\0'),
    text(0x00200052, 'UI', `${series}.4`),
    us(0x00280002, 1),
    text(0x00280004, 'CS', slice.photometric ?? 'MONOCHROME2'),
    us(0x00280010, ROWS),
    us(0x00280011, COLUMNS),
    text(0x00280030, 'DS', '0.8\\0.7'),
    us(0x00280100, 16),
    us(0x00280101, bitsStored),
    us(0x00280102, bitsStored - 1),
    us(0x00280103, isSigned ? 1 : 0),
    text(0x00281052, 'DS', String(slice.intercept ?? 0)),
    text(0x00281053, 'DS', String(slice.slope ?? 1)),
  ];
  const byTag = new Map([...elements, ...(slice.more ?? [])].map((each) => [each.tag, each]));
  return [...byTag.values()].sort((a, b) => a.tag - b.tag);
}

/** The part after the hash is not sent, but belongs to the imageId. */
function addDicomWebFrame(
  json: object,
  bytes: Uint8Array<ArrayBuffer> | undefined,
  frame: number,
): string {
  const blob = new Blob([bytes as BlobPart], { type: 'application/octet-stream' });
  const address = `wadors:${URL.createObjectURL(blob)}#/frames`;
  // For multi-frame images dicom-image-loader looks up the first frame.
  wadors.metaDataManager.add(`${address}/1`, json as never);
  return `${address}/${frame}`;
}

async function writeFile(elements: readonly TestElement[], pixels: Uint8Array) {
  return encodePart10([...elements, { tag: 0x7fe00010, vr: 'OW', value: pixels }], 'explicit');
}

function addFile(source: Source, file: Uint8Array): string {
  const blob = new Blob([file as BlobPart]);
  return source === 'wadouri'
    ? `wadouri:${URL.createObjectURL(blob)}`
    : wadouri.fileManager.add(new File([blob], 'image.dcm'));
}

function bytesOf(words: readonly number[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, index) => {
    view.setUint16(2 * index, word & 0xffff, true);
  });
  return bytes;
}

function toJson(elements: readonly TestElement[]): Record<string, object> {
  return Object.fromEntries(
    elements.map(({ tag, vr, value }) => [
      tag.toString(16).padStart(8, '0').toUpperCase(),
      { vr, Value: jsonValues(vr, value) },
    ]),
  );
}

function jsonValues(vr: string, value: TestElement['value']): readonly unknown[] {
  if (vr === 'SQ') {
    return (value as readonly (readonly TestElement[])[]).map(toJson);
  }
  if (typeof value !== 'string') {
    return [...(value as readonly number[])];
  }
  const texts = value.split('\\');
  return vr === 'DS' || vr === 'IS' ? texts.map(Number) : texts;
}
