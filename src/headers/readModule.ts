/** What Cornerstone's metadata providers answer, and the numbers in it. */
import { metaData } from '@cornerstonejs/core';
import { dataLimits } from '../base/limits.js';

/** What a provider of Cornerstone gives for one module; nothing is known of its values. */
export type MetadataModule = Readonly<Record<string, unknown>>;

/**
 * One metadata module of an imageId.
 *
 * @returns undefined where no provider has it
 * @throws what a provider throws
 */
export function readModule(type: string, imageId: string): MetadataModule | undefined {
  const module: unknown = metaData.get(type, imageId);
  return typeof module === 'object' && module !== null ? (module as MetadataModule) : undefined;
}

/** The finite number that a header value stands for, or undefined. Headers also come as strings. */
export function toFiniteNumber(value: unknown): number | undefined {
  // JavaScript converts null, blanks, an empty list and flags to 0 or 1.
  const isBlank = typeof value === 'string' && value.trim() === '';
  const isEmpty = value === null || (Array.isArray(value) && value.length === 0);
  if (isBlank || isEmpty || typeof value === 'boolean') {
    return undefined;
  }
  const number = numberOf(value);
  return Number.isFinite(number) ? number : undefined;
}

/** {@link textOf} says why it may throw. */
function numberOf(value: unknown): number {
  try {
    return Number(value);
  } catch {
    return Number.NaN;
  }
}

/**
 * A value as a text. JavaScript throws for some objects, whose members a server may have named `toString`, and for lists
 * in lists: they are empty.
 */
export function textOf(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '';
  }
}

/** Exactly `count` finite numbers, or undefined. Typed arrays and DICOM's strings are taken too. */
export function toFiniteNumbers(value: unknown, count: number): number[] | undefined {
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) {
    return undefined;
  }
  const numbers = Array.from(value as unknown as ArrayLike<unknown>, toFiniteNumber);
  const isComplete = numbers.length === count && numbers.every((number) => number !== undefined);
  return isComplete ? numbers : undefined;
}

/** The most rows and columns of an image: they have the VR US (PS3.3 C.7.6.3, PS3.5 6.2). */
export const MAX_SIZE_IN_PIXELS = 65_535;

/** Whether an image can have so many rows or columns. */
export function isSizeInPixels(value: number | undefined): boolean {
  return value !== undefined && Number.isInteger(value) && value > 0 && value <= MAX_SIZE_IN_PIXELS;
}

/**
 * The frames of an image by its Number of Frames (0028,0008).
 *
 * @returns 1 where it is absent, blank or 0, as images with one frame have it; undefined where it is no whole
 *   number, below 0 or above the limit `framesPerFile`
 */
export function toFrameCount(value: unknown): number | undefined {
  if (value === undefined || value === null || (typeof value === 'string' && value.trim() === '')) {
    return 1;
  }
  const number = toFiniteNumber(value);
  const isCount = Number.isInteger(number) && number !== undefined && number >= 0;
  return isCount && number <= dataLimits().framesPerFile ? Math.max(1, number) : undefined;
}

/** The values of an element in DICOM JSON (PS3.18 F.2.2); servers send any JSON in the place of the list. */
export function valuesIn(element: { readonly Value?: unknown } | undefined): readonly unknown[] {
  return Array.isArray(element?.Value) ? (element.Value as unknown[]) : [];
}

/** A value for a message; servers send any JSON. Words are not quoted: they may name a patient. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') {
    return /^[-+.,\d\s]*$/.test(value) ? `"${value.slice(0, 40)}"` : 'a text';
  }
  return typeof value === 'number' ? String(value) : typeof value;
}
