/** One element to be encoded; a list of lists is a sequence. */
export interface TestElement {
  readonly tag: number;
  readonly vr: string;
  readonly value: string | readonly number[] | Uint8Array | readonly (readonly TestElement[])[];
  /** Encodes a sequence with delimiters, or states a length that differs from the value's. */
  readonly length?: 'undefined' | number;
  /** In DICOM JSON, the address of the value in place of the value. */
  readonly bulkDataUri?: string;
}

export type TestSyntax =
  | 'implicit'
  | 'explicit'
  | 'big-endian'
  | 'deflated'
  | 'jpeg-ls'
  | 'jpeg'
  | 'jpeg-lossless'
  | 'jpeg-2000'
  | 'htj2k'
  | 'rle';

const UIDS: Readonly<Record<TestSyntax, string>> = {
  implicit: '1.2.840.10008.1.2',
  explicit: '1.2.840.10008.1.2.1',
  'big-endian': '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  'jpeg-ls': '1.2.840.10008.1.2.4.80',
  jpeg: '1.2.840.10008.1.2.4.50',
  'jpeg-lossless': '1.2.840.10008.1.2.4.70',
  'jpeg-2000': '1.2.840.10008.1.2.4.90',
  htj2k: '1.2.840.10008.1.2.4.201',
  rle: '1.2.840.10008.1.2.5',
};

/** Syntaxes of {@link encodePart10} whose pixel data are in fragments (PS3.5 A.4). */
const ENCAPSULATED: ReadonlySet<string> = new Set([
  'jpeg-ls',
  'jpeg',
  'jpeg-lossless',
  'jpeg-2000',
  'htj2k',
  'rle',
]);

/** The UID of a syntax. */
export function uidOf(syntax: TestSyntax): string {
  return UIDS[syntax];
}

const LONG_VRS = new Set('OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' '));
const UNDEFINED_LENGTH = 0xffffffff;
const PIXEL_DATA = 0x7fe00010;

/**
 * Encodes a Part-10 file (PS3.10 7). Elements must be in the order of their tags.
 *
 * @param uid - of the transfer syntax, where it is another one with the same encoding of elements
 */
export async function encodePart10(
  elements: readonly TestElement[],
  syntax: TestSyntax,
  uid = UIDS[syntax],
): Promise<Uint8Array<ArrayBuffer>> {
  const meta = encodeAll([{ tag: 0x00020010, vr: 'UI', value: uid }], 'explicit');
  const data = encodeAll(elements, syntax);
  return Uint8Array.from([
    ...new Uint8Array(128),
    ...new TextEncoder().encode('DICM'),
    ...meta,
    ...(syntax === 'deflated' ? await deflate(data) : data),
  ]);
}

/** Offset of the pixel data element in a file that is not deflated; the length of a file without one. */
export function headerLength(file: Uint8Array, syntax: TestSyntax): number {
  const tag = syntax === 'big-endian' ? [0x7f, 0xe0, 0, 0x10] : [0xe0, 0x7f, 0x10, 0];
  const at = file.findIndex((_, index) => tag.every((byte, i) => file[index + i] === byte));
  return at < 0 ? file.length : at;
}

function encodeAll(elements: readonly TestElement[], syntax: TestSyntax): number[] {
  return elements.flatMap((element) => encode(element, syntax));
}

function encode(element: TestElement, syntax: TestSyntax): number[] {
  const { tag, vr } = element;
  const isBig = syntax === 'big-endian';
  if (tag === PIXEL_DATA && ENCAPSULATED.has(syntax)) {
    const fragment = encodeValue(element, syntax);
    return [
      ...number(0x7fe0, 2, isBig),
      ...number(0x0010, 2, isBig),
      ...lengthField('OB', UNDEFINED_LENGTH, syntax),
      ...delimiter(0xe000, 0, isBig),
      ...delimiter(0xe000, fragment.length, isBig),
      ...fragment,
      ...delimiter(0xe0dd, 0, isBig),
    ];
  }
  const value = encodeValue(element, syntax);
  const length =
    element.length === 'undefined' ? UNDEFINED_LENGTH : (element.length ?? value.length);
  const end = element.length === 'undefined' ? delimiter(0xe0dd, 0, isBig) : [];
  return [
    ...number(tag >>> 16, 2, isBig),
    ...number(tag & 0xffff, 2, isBig),
    ...lengthField(vr, length, syntax),
    ...value,
    ...end,
  ];
}

function lengthField(vr: string, length: number, syntax: TestSyntax): number[] {
  const isBig = syntax === 'big-endian';
  if (syntax === 'implicit') {
    return number(length, 4, isBig);
  }
  const name = [...new TextEncoder().encode(vr)];
  return LONG_VRS.has(vr)
    ? [...name, 0, 0, ...number(length, 4, isBig)]
    : [...name, ...number(length, 2, isBig)];
}

function encodeValue({ vr, value, length }: TestElement, syntax: TestSyntax): number[] {
  const isBig = syntax === 'big-endian';
  if (typeof value === 'string') {
    const bytes = [...new TextEncoder().encode(value)];
    return bytes.length % 2 === 0 ? bytes : [...bytes, vr === 'UI' ? 0 : 0x20];
  }
  if (value instanceof Uint8Array) {
    return [...value];
  }
  if (vr === 'SQ') {
    return (value as readonly (readonly TestElement[])[]).flatMap((item) => {
      const content = encodeAll(item, syntax);
      return length === 'undefined'
        ? [
            ...delimiter(0xe000, UNDEFINED_LENGTH, isBig),
            ...content,
            ...delimiter(0xe00d, 0, isBig),
          ]
        : [...delimiter(0xe000, content.length, isBig), ...content];
    });
  }
  const numbers = value as readonly number[];
  if (vr === 'FD') {
    return numbers.flatMap((each) => {
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, each, !isBig);
      return [...bytes];
    });
  }
  return numbers.flatMap((each) => number(each, vr === 'UL' || vr === 'SL' ? 4 : 2, isBig));
}

/** An item or a delimiter of group FFFE (PS3.5 7.5). */
function delimiter(element: number, length: number, isBig: boolean): number[] {
  return [...number(0xfffe, 2, isBig), ...number(element, 2, isBig), ...number(length, 4, isBig)];
}

function number(value: number, bytes: number, isBig: boolean): number[] {
  const little = Array.from({ length: bytes }, (_, index) => (value >>> (8 * index)) & 0xff);
  return isBig ? little.reverse() : little;
}

async function deflate(data: readonly number[]): Promise<Uint8Array> {
  const stream = new Blob([Uint8Array.from(data)])
    .stream()
    .pipeThrough(new CompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
