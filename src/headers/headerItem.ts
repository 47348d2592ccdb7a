import { utilities } from '@cornerstonejs/metadata';
import type { DataSet } from 'dicom-parser';
import { lookUpVr, toDicomJson, trimPadding } from './part10/toDicomJson.js';
import { valuesIn } from './readModule.js';

/** VRs of numbers in bytes whose type the header does not state (PS3.5 6.2). */
export type BinaryVr = 'FD' | 'FL' | 'UL' | 'US';

/** A data set or an item of a sequence, read by any parser. Tags are written `00280010`. */
export interface HeaderItem {
  /**
   * The values of an element, numbers or texts; undefined where the element is absent or empty.
   *
   * @param binary - VR of bytes of unknown type; text, unless given
   */
  readonly values: (tag: string, binary?: BinaryVr) => readonly unknown[] | undefined;
  /** The value of an element that is a block of bytes, or a list of numbers; undefined where it is neither. */
  readonly block: (tag: string) => ValueBlock | undefined;
  /** The items of a sequence; an empty list where the sequence is absent. */
  readonly items: (tag: string) => readonly HeaderItem[];
  /** One item of a sequence, from 0, without reading the others: a sequence may have an item for each frame. */
  readonly item: (tag: string, index: number) => HeaderItem | undefined;
  /** The first item of each sequence, by its tag or keyword. */
  readonly sequences: () => readonly (readonly [name: string, item: HeaderItem])[];
}

/**
 * A value of many bytes: the bytes, with the lowest byte of each word first; numbers; or the address where a server has
 * the bytes (PS3.18 F.2.6), which may be relative to that of the metadata.
 */
export type ValueBlock = Uint8Array | readonly number[] | { readonly uri: string };

/** An element of the DICOM JSON model (PS3.18 F.2.2), as a server has sent it: nothing is checked. */
interface JsonElement {
  /** An array. */
  readonly Value?: unknown;
  /** Base64. */
  readonly InlineBinary?: unknown;
}

/** A data set in the DICOM JSON model (PS3.18 F.2), by tag; blocks of bytes may be ArrayBuffers. */
export type JsonDataSet = Readonly<Record<string, JsonElement | undefined>>;

/** A data set in the DICOM JSON model. */
export function jsonItem(json: JsonDataSet): HeaderItem {
  return {
    values: (tag, binary) => {
      const element = json[tag];
      return plainValues(
        element?.InlineBinary === undefined ? valuesIn(element) : [element],
        binary,
      );
    },
    block: (tag) => toBlock(json[tag]),
    items: (tag) => valuesIn(json[tag]).filter(isItem).map(jsonItem),
    item: (tag, index) => {
      const item = valuesIn(json[tag])[index];
      return isItem(item) ? jsonItem(item) : undefined;
    },
    sequences: () =>
      Object.entries(json).flatMap(([tag, element]) => {
        const [first] = valuesIn(element);
        return isItem(first) ? [[tag, jsonItem(first)] as const] : [];
      }),
  };
}

/** A data set of dicom-parser. */
export function parsedItem(dataSet: DataSet): HeaderItem {
  const { elements, byteArray: bytes, byteArrayParser: parser } = dataSet;
  const items = (name: string): HeaderItem[] =>
    (elements[name]?.items ?? []).flatMap((item) => (item.dataSet ? parsedItem(item.dataSet) : []));
  const toJson = (tag: string): JsonElement | undefined => {
    const name = `x${tag.toLowerCase()}`;
    const element = elements[name];
    if (!element || element.items) {
      return undefined;
    }
    const header = { bytes, parser, elements: { [name]: element }, transferSyntaxUID: '' };
    return toDicomJson(header, lookUpVr)[tag];
  };
  return {
    values: (tag, binary) => {
      const element = toJson(tag);
      return element && plainValues(valuesIn(element), binary);
    },
    block: (tag) => toBlock(toJson(tag)),
    items: (tag) => items(`x${tag.toLowerCase()}`),
    item: (tag, index) => {
      const inner = elements[`x${tag.toLowerCase()}`]?.items?.[index]?.dataSet;
      return inner && parsedItem(inner);
    },
    sequences: () =>
      Object.keys(elements).flatMap((name) => {
        const [first] = items(name);
        return first ? [[name.slice(1).toUpperCase(), first] as const] : [];
      }),
  };
}

/** A data set as `@cornerstonejs/metadata` holds it: by keyword, and by tag where there is no keyword. */
export function naturalizedItem(dataSet: object): HeaderItem {
  const fields = dataSet as Readonly<Record<string, unknown>>;
  const field = (tag: string): unknown => fields[keywordOf(tag) ?? tag] ?? fields[tag];
  const items = (value: unknown): HeaderItem[] => toList(value).filter(isItem).map(naturalizedItem);
  return {
    values: (tag, binary) => plainValues(toList(field(tag)), binary),
    block: (tag) => toBlock(field(tag)),
    items: (tag) => items(field(tag)),
    item: (tag, index) => {
      const inner = toList(field(tag))[index];
      return isItem(inner) ? naturalizedItem(inner) : undefined;
    },
    sequences: () =>
      Object.entries(fields).flatMap(([name, value]) => {
        const [first] = items(value);
        return first ? [[name, first] as const] : [];
      }),
  };
}

function keywordOf(tag: string): string | undefined {
  return (utilities.Tags.dictionaryLookup(tag) as { name?: string } | undefined)?.name;
}

/** A sequence with one item may be given as that item. */
function toList(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? (value as unknown[]) : [value];
}

function isItem(value: unknown): value is JsonDataSet {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof ArrayBuffer) &&
    !ArrayBuffer.isView(value) &&
    !('Alphabetic' in value) &&
    !('InlineBinary' in value) &&
    !('BulkDataURI' in value)
  );
}

function plainValues(
  values: readonly unknown[],
  binary: BinaryVr | undefined,
): readonly unknown[] | undefined {
  const plain = values.flatMap((value) => {
    if (value === null || value === undefined) {
      return [];
    }
    const bytes = bytesOf(value);
    return bytes === undefined ? [value] : decode(bytes, binary);
  });
  return plain.length > 0 ? plain : undefined;
}

/**
 * Private values of unknown type come as bytes (PS3.18 F.2.7).
 *
 * @returns no bytes where `InlineBinary` is not base64; undefined for a value that is not bytes
 */
function bytesOf(value: {}): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) {
    return new Uint8Array(value);
  }
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  const { InlineBinary: inline } = value as JsonElement;
  if (inline === undefined) {
    return undefined;
  }
  return typeof inline === 'string' ? decodeBase64(inline) : new Uint8Array(0);
}

/** An element in a list in an element is the most that is known; servers may send lists in lists without end. */
const MOST_WRAPPINGS = 8;

/**
 * Reads a block of bytes or a list of numbers from any form in which applications and parsers keep one.
 *
 * @returns undefined for anything else, and for bytes that are no base64
 */
export function toBlock(value: unknown, depth = 0): ValueBlock | undefined {
  if (typeof value !== 'object' || value === null || depth > MOST_WRAPPINGS) {
    return undefined;
  }
  if (Array.isArray(value)) {
    const list = value as readonly unknown[];
    return typeof list[0] === 'number'
      ? list.map((each) => (typeof each === 'number' ? each & 0xffff : 0))
      : toBlock(list[0], depth + 1);
  }
  if (ArrayBuffer.isView(value) && 'BYTES_PER_ELEMENT' in value && value.BYTES_PER_ELEMENT !== 1) {
    return Array.from(value as unknown as ArrayLike<number>, (each) => each & 0xffff);
  }
  const { BulkDataURI: uri, Value: inner } = value as {
    readonly BulkDataURI?: unknown;
    readonly Value?: unknown;
  };
  if (typeof uri === 'string' && uri !== '') {
    return { uri };
  }
  const bytes = bytesOf(value) ?? toBlock(inner, depth + 1);
  return bytes instanceof Uint8Array && bytes.length === 0 ? undefined : bytes;
}

function decodeBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    // InvalidCharacterError is all that `atob` throws: the element has no value then.
    return new Uint8Array(0);
  }
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

const BINARY_BYTES: Readonly<Record<BinaryVr, number>> = { FD: 8, FL: 4, UL: 4, US: 2 };

function decode(bytes: Uint8Array, binary: BinaryVr | undefined): readonly unknown[] {
  if (bytes.length === 0) {
    return [];
  }
  if (!binary) {
    return trimPadding(new TextDecoder('latin1').decode(bytes)).split('\\');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const readers = {
    FD: (at: number) => view.getFloat64(at, true),
    FL: (at: number) => view.getFloat32(at, true),
    UL: (at: number) => view.getUint32(at, true),
    US: (at: number) => view.getUint16(at, true),
  };
  const size = BINARY_BYTES[binary];
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    readers[binary](index * size),
  );
}
