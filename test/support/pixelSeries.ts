import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DicomJson } from './dicomWebSeries.js';
import { encodePart10, uidOf } from './encodePart10.js';
import type { TestElement, TestSyntax } from './encodePart10.js';
import { karmaFixtures } from './karmaFixtures.js';

/** How the pixels of a series are stored. Undefined attributes are not in its headers. */
export interface StoredFormat {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: number;
  readonly bitsStored?: number | undefined;
  readonly highBit?: number | undefined;
  readonly pixelRepresentation?: 0 | 1 | undefined;
  readonly slope?: number | undefined;
  readonly intercept?: number | undefined;
  /** Default 1. */
  readonly samplesPerPixel?: number | undefined;
  /** Default RGB for three samples, else MONOCHROME2. */
  readonly photometricInterpretation?: string | undefined;
  /** Default 0 for three samples. */
  readonly planarConfiguration?: 0 | 1 | undefined;
  /** Which pixel data element a file has. Default (7FE0,0010). */
  readonly pixelData?: 'integer' | 'float' | 'double' | undefined;
  /** Further elements of the image, above group 5200. */
  readonly more?: readonly TestElement[] | undefined;
}

/** The source of the frames of a series. */
export const SOURCES = [
  'wadors in frame workers',
  'wadors on the main thread',
  'wadouri',
  'dicomfile',
] as const;

export type Source = (typeof SOURCES)[number];

/** Options of the registration for loading from a source. */
export function workersOf(source: Source): { readonly frameWorkers?: number } {
  return source === 'wadors on the main thread' ? { frameWorkers: 0 } : {};
}

export const EXPLICIT_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';

let seriesCount = 0;

/** Responses with frames over DICOMweb. */
export interface WadorsOptions {
  readonly syntax?: string;
  /** Bytes of padding in the headers of a part, so that the frame begins at another offset. */
  readonly shift?: number;
  /** Whether the series is one instance of many frames. */
  readonly multiFrame?: boolean;
}

/** Serves frames over DICOMweb, one instance each, 2 mm apart, and registers their headers in Cornerstone. */
export function addWadorsSeries(
  format: StoredFormat,
  frames: readonly Uint8Array[],
  { syntax = EXPLICIT_LITTLE_ENDIAN, shift = 0, multiFrame = false }: WadorsOptions = {},
): string[] {
  seriesCount += 1;
  const bodies = frames.map((frame) => multipart(frame, syntax, shift));
  const type = 'multipart/related; type="application/octet-stream"; boundary=b';
  const name = `series-${seriesCount}`;
  if (multiFrame) {
    const json = toJson(headerElements(format, frames.length, true, 0));
    return frames.map((_, i) => {
      const imageId = `wadors:${echoUrl(type, bodies, `${name}/frames/${i + 1}`)}`;
      wadors.metaDataManager.add(imageId, json as never);
      return imageId;
    });
  }
  return bodies.map((body, i) => {
    const imageId = `wadors:${echoUrl(type, [body], `${name}-${i}/frames/1`)}`;
    const json = toJson(headerElements(format, frames.length, false, i));
    wadors.metaDataManager.add(imageId, json as never);
    return imageId;
  });
}

/** Encodes a series as Part-10 files, one for each frame, or one for all. */
export async function encodeFiles(
  format: StoredFormat,
  frames: readonly Uint8Array[],
  {
    syntax = 'explicit',
    multiFrame = false,
    vr,
  }: { readonly syntax?: TestSyntax; readonly multiFrame?: boolean; readonly vr?: string } = {},
): Promise<Uint8Array[]> {
  const contents = multiFrame ? [concatenate(frames)] : frames;
  return Promise.all(
    contents.map(async (content, i) => {
      const even = content.length % 2 === 0 ? content : concatenate([content, Uint8Array.of(0)]);
      const elements = [
        ...headerElements(format, frames.length, multiFrame, i),
        { ...pixelDataElement(format), value: even, ...(vr === undefined ? {} : { vr }) },
      ];
      return withMetaLength(await encodePart10(elements, syntax));
    }),
  );
}

const META_START = 132;

/** A file with the length of its only meta element in front, which dcmjs requires (PS3.10 7.1). */
export function withMetaLength(file: Uint8Array): Uint8Array {
  const elementLength = 8 + new DataView(file.buffer).getUint16(META_START + 6, true);
  const groupLength = [2, 0, 0, 0, ...new TextEncoder().encode('UL'), 4, 0, elementLength, 0, 0, 0];
  const [before, after] = [file.subarray(0, META_START), file.subarray(META_START)];
  return concatenate([before, Uint8Array.from(groupLength), after]);
}

/** imageIds of files on a server; with `frameCount`, of the frames of the first. */
export function wadouriIds(files: readonly Uint8Array[], frameCount?: number): string[] {
  seriesCount += 1;
  const urls = files.map((file, i) => {
    return `wadouri:${echoUrl('application/dicom', [file], `series-${seriesCount}-${i}.dcm`)}`;
  });
  return frameIds(urls, frameCount);
}

/** imageIds of local files; with `frameCount`, of the frames of the first. */
export function dicomfileIds(files: readonly Uint8Array[], frameCount?: number): string[] {
  const ids = files.map((file) =>
    wadouri.fileManager.add(new File([file as Uint8Array<ArrayBuffer>], 'slice.dcm')),
  );
  return frameIds(ids, frameCount);
}

/** The series over any source. */
export async function addSeries(
  source: Source,
  format: StoredFormat,
  frames: readonly Uint8Array[],
  options: Omit<WadorsOptions, 'syntax'> & { readonly syntax?: TestSyntax } = {},
): Promise<string[]> {
  const { syntax = 'explicit', multiFrame = false } = options;
  if (source.startsWith('wadors')) {
    return addWadorsSeries(format, frames, { ...options, syntax: uidOf(syntax) });
  }
  const files = await encodeFiles(format, frames, { multiFrame, syntax });
  const frameCount = multiFrame ? frames.length : undefined;
  return source === 'wadouri' ? wadouriIds(files, frameCount) : dicomfileIds(files, frameCount);
}

/** The headers of a series of single frames, in the DICOM JSON of DICOMweb. */
export function headersOf(format: StoredFormat, count: number): DicomJson[] {
  return Array.from({ length: count }, (_, i) => toJson(headerElements(format, count, false, i)));
}

function frameIds(urls: readonly string[], frameCount: number | undefined): string[] {
  return frameCount === undefined
    ? [...urls]
    : Array.from({ length: frameCount }, (_, i) => `${urls[0]}?frame=${i + 1}`);
}

function echoUrl(type: string, bodies: readonly Uint8Array[], name: string): string {
  const encoded = bodies.map((body) => toBase64Url(toBinaryText(body)));
  return `${String(karmaFixtures['echoOrigin'])}/${toBase64Url(type)}/${encoded.join('.')}/${name}`;
}

/** A character for each byte. */
function toBinaryText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function toBase64Url(bytes: string): string {
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function multipart(frame: Uint8Array, syntax: string, shift: number): Uint8Array {
  const type = `Content-Type: application/octet-stream; transfer-syntax=${syntax}`;
  const head = `--b\r\n${type}\r\nX: ${'.'.repeat(shift)}\r\n\r\n`;
  const [before, after] = [head, '\r\n--b--'].map((text) => new TextEncoder().encode(text));
  return concatenate([before as Uint8Array, frame, after as Uint8Array]);
}

/** Concatenates arrays. */
export function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

function pixelDataElement({ pixelData = 'integer', bitsAllocated }: StoredFormat) {
  return {
    integer: { tag: 0x7fe00010, vr: bitsAllocated <= 8 ? 'OB' : 'OW' },
    float: { tag: 0x7fe00008, vr: 'OF' },
    double: { tag: 0x7fe00009, vr: 'OD' },
  }[pixelData];
}

const ORIENTATION = '1\\0\\0\\0\\1\\0';
const SPACING = '0.5\\0.5';

function headerElements(
  format: StoredFormat,
  frameCount: number,
  multiFrame: boolean,
  slice: number,
): TestElement[] {
  const { samplesPerPixel = 1 } = format;
  const isColor = samplesPerPixel === 3;
  const { photometricInterpretation = isColor ? 'RGB' : 'MONOCHROME2' } = format;
  const series = `2.25.${seriesCount + 1}`;
  const position = (index: number) => ({
    tag: 0x00200032,
    vr: 'DS',
    value: `0\\0\\${2 * index}`,
  });
  const orientation = { tag: 0x00200037, vr: 'DS', value: ORIENTATION };
  const spacing = { tag: 0x00280030, vr: 'DS', value: SPACING };
  const us = (tag: number, value: number | undefined): TestElement[] =>
    value === undefined ? [] : [{ tag, vr: 'US', value: [value] }];
  const ds = (tag: number, value: number | undefined): TestElement[] =>
    value === undefined ? [] : [{ tag, vr: 'DS', value: String(value) }];
  return [
    { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.7' },
    { tag: 0x00080018, vr: 'UI', value: `${series}.${slice + 1}` },
    { tag: 0x00080060, vr: 'CS', value: 'OT' },
    { tag: 0x0020000d, vr: 'UI', value: series },
    { tag: 0x0020000e, vr: 'UI', value: `${series}.0` },
    { tag: 0x00200013, vr: 'IS', value: String(slice + 1) },
    ...(multiFrame ? [] : [position(slice), orientation]),
    { tag: 0x00200052, vr: 'UI', value: `${series}.9` },
    ...us(0x00280002, samplesPerPixel),
    { tag: 0x00280004, vr: 'CS', value: photometricInterpretation },
    ...us(0x00280006, isColor ? (format.planarConfiguration ?? 0) : undefined),
    ...(multiFrame ? [{ tag: 0x00280008, vr: 'IS', value: String(frameCount) }] : []),
    ...us(0x00280010, format.rows),
    ...us(0x00280011, format.columns),
    ...(multiFrame ? [] : [spacing]),
    ...us(0x00280100, format.bitsAllocated),
    ...us(0x00280101, format.bitsStored),
    ...us(0x00280102, format.highBit),
    ...us(0x00280103, format.pixelRepresentation),
    ...ds(0x00281052, format.slope === undefined ? undefined : (format.intercept ?? 0)),
    ...ds(0x00281053, format.slope),
    ...(multiFrame
      ? [
          sequence(0x52009229, [
            [sequence(0x00209116, [[orientation]]), sequence(0x00289110, [[spacing]])],
          ]),
          sequence(
            0x52009230,
            Array.from({ length: frameCount }, (_, i) => [sequence(0x00209113, [[position(i)]])]),
          ),
        ]
      : []),
    ...(format.more ?? []),
  ];
}

function sequence(tag: number, value: readonly (readonly TestElement[])[]): TestElement {
  return { tag, vr: 'SQ', value };
}

function toJson(elements: readonly TestElement[]): DicomJson {
  return Object.fromEntries(
    elements.map(({ tag, vr, value, bulkDataUri }) => [
      tag.toString(16).padStart(8, '0').toUpperCase(),
      bulkDataUri !== undefined
        ? { vr, BulkDataURI: bulkDataUri }
        : value instanceof Uint8Array
          ? { vr, InlineBinary: btoa(toBinaryText(value)) }
          : { vr, Value: jsonValue(vr, value) },
    ]),
  );
}

function jsonValue(vr: string, value: TestElement['value']): unknown[] {
  if (vr === 'SQ') {
    return (value as readonly (readonly TestElement[])[]).map(toJson);
  }
  if (typeof value !== 'string') {
    return [...(value as readonly number[])];
  }
  const texts = value.split('\\');
  return vr === 'DS' || vr === 'IS' ? texts.map(Number) : texts;
}
