import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DataSet } from 'dicom-parser';

/** Where a header holds a value. */
export interface HeaderField {
  /** Eight hexadecimal digits, in capitals. */
  readonly tag: string;
  /** The sequences, one in the other, in which the value may stand instead. */
  readonly groups?: readonly string[];
  /** How the value is stored where it is no text: FD, FL, UL or US (PS3.5 6.2). */
  readonly binary?: 'FD' | 'FL' | 'UL' | 'US';
}

/** An element of the DICOM JSON model (PS3.18 F.2.2). */
interface DicomJsonElement {
  readonly Value?: readonly unknown[];
  /** Base64. */
  readonly InlineBinary?: string;
}

type DicomJson = Readonly<Record<string, DicomJsonElement | undefined>>;

/**
 * Reads a value from the headers that dicom-image-loader holds of an imageId, several values joined by
 * backslashes; `undefined` where it holds none.
 */
export function readHeaderText(imageId: string, field: HeaderField): string | undefined {
  const json = wadors.metaDataManager.get(imageId) as unknown as DicomJson | undefined;
  if (json) {
    return readJson(json, field);
  }
  const { url, frame } = wadouri.parseImageId(imageId);
  const dataSet = wadouri.dataSetCacheManager.get(frame ? `${url}&frame=${frame}` : url) as
    DataSet | undefined;
  return dataSet && readDataSet(dataSet, field);
}

function readJson(json: DicomJson, { tag, groups = [], binary }: HeaderField): string | undefined {
  const element = json[tag];
  if (element?.Value) {
    return element.Value.map(String).join('\\');
  }
  if (element?.InlineBinary !== undefined) {
    return decodeInline(element.InlineBinary, binary);
  }
  const [group, ...inner] = groups;
  const item = group === undefined ? undefined : json[group]?.Value?.[0];
  if (typeof item === 'object' && item !== null) {
    return readJson(item as DicomJson, { tag, groups: inner, ...(binary && { binary }) });
  }
  // dicom-image-loader lifts what stands in a functional group to the top, one level of it.
  return inner.length > 0 ? readJson(json, { tag, groups: inner }) : undefined;
}

/** Private values of unknown type come as bytes (PS3.18 F.2.7). */
function decodeInline(base64: string, binary: HeaderField['binary']): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  if (binary === 'FL' && bytes.length >= 4) {
    return String(view.getFloat32(0, true));
  }
  return new TextDecoder('latin1').decode(bytes);
}

function readDataSet(
  dataSet: DataSet,
  { tag, groups = [], binary }: HeaderField,
): string | undefined {
  const name = `x${tag.toLowerCase()}`;
  const element = dataSet.elements[name];
  if (element) {
    return binary ? readBinary(dataSet, name, binary, element.length) : dataSet.string(name);
  }
  const [group, ...inner] = groups;
  const sequence = group === undefined ? undefined : dataSet.elements[`x${group.toLowerCase()}`];
  const item = sequence?.items?.[0]?.dataSet;
  return item && readDataSet(item, { tag, groups: inner, ...(binary && { binary }) });
}

const BYTES = { FD: 8, FL: 4, UL: 4, US: 2 };

function readBinary(
  dataSet: DataSet,
  name: string,
  binary: 'FD' | 'FL' | 'UL' | 'US',
  lengthInBytes: number,
): string {
  const readers = {
    FD: (index: number) => dataSet.double(name, index),
    FL: (index: number) => dataSet.float(name, index),
    UL: (index: number) => dataSet.uint32(name, index),
    US: (index: number) => dataSet.uint16(name, index),
  };
  const count = Math.floor(lengthInBytes / BYTES[binary]);
  return Array.from({ length: count }, (_, index) => String(readers[binary](index))).join('\\');
}
