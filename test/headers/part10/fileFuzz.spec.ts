import type { DataSet } from 'dicom-parser';
import { isStreamingVolumeError } from '../../../src/base/errors.js';
import { readPart10File } from '../../../src/headers/part10/readPart10File.js';
import { cutEncapsulatedFrame } from '../../../src/pixels/part10/part10Frame.js';
import { encapsulate } from '../../support/encapsulate.js';
import { encodePart10 } from '../../support/encodePart10.js';
import type { TestElement } from '../../support/encodePart10.js';
import { seededRandom } from '../../support/seededRandom.js';

const INPUTS = 100_000;
const INPUTS_PER_TASK = 1000;
const SEED = 20_261_126;
const FRAMES = 3;

const VRS: Readonly<Record<string, string>> = { '00289110': 'SQ', '00280008': 'IS' };
const lookUpVr = (tag: string): string | undefined => VRS[tag];

const PRIVATE: readonly TestElement[] = [
  { tag: 0x00090010, vr: 'LO', value: 'SOMEBODY' },
  { tag: 0x00091001, vr: 'SV', value: new Uint8Array(8).fill(1) },
  { tag: 0x00091002, vr: 'OV', value: new Uint8Array(16).fill(2) },
  { tag: 0x00091003, vr: 'UN', value: new Uint8Array(6).fill(3) },
];
const ELEMENTS: readonly TestElement[] = [
  ...PRIVATE,
  { tag: 0x00280008, vr: 'IS', value: String(FRAMES) },
  { tag: 0x00289110, vr: 'SQ', value: [PRIVATE, PRIVATE], length: 'undefined' },
  { tag: 0x52009229, vr: 'SQ', value: [PRIVATE] },
];
const FRAGMENTS = [2, 1, 3].map((count, frame) =>
  Array.from({ length: count }, (_, piece) =>
    Uint8Array.of(...(piece === 0 ? [0xff, 0xd8, 0xff] : [1, 2, 3]), frame, 9, 9),
  ),
);
const offsetsOf = (offsets: readonly number[]): readonly number[] => offsets;

describe('Files that are damaged', () => {
  const random = seededRandom(SEED);
  const below = (limit: number): number => Math.floor(random() * limit);
  const oneOf = <T>(items: readonly T[]): T => items[below(items.length)] as T;

  /** Cuts a file off, flips bytes, or writes ends of ranges, tags and VRs where others stand. */
  function damage(file: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = Uint8Array.from(
      file.subarray(0, below(4) === 0 ? below(file.length + 1) : file.length),
    );
    const view = new DataView(bytes.buffer);
    for (let count = 1 + below(4); count > 0 && bytes.length > 140; count--) {
      const at = 132 + below(bytes.length - 136);
      const kind = below(4);
      if (kind === 0) {
        bytes[at] = below(256);
      } else if (kind === 1) {
        view.setUint32(at, oneOf([0xffffffff, 0xfffffff0, 0x7fffffff, 0, 0x10000, 12]), true);
      } else if (kind === 2) {
        view.setUint32(
          at,
          oneOf([0xe000fffe, 0xe00dfffe, 0xe0ddfffe, 0x00107fe0, 0x00017fe0]),
          true,
        );
      } else {
        bytes.set(new TextEncoder().encode(oneOf(['SQ', 'UN', 'OV', 'SV', 'ZZ', 'OB', 'US'])), at);
      }
    }
    return bytes;
  }

  /** The beginning of a file, and behind it elements, items and delimiters in any order and of any length. */
  function invent(file: Uint8Array): Uint8Array<ArrayBuffer> {
    const bytes = [...file.subarray(0, 132 + 8 + 22)];
    const uint = (value: number, count: number): number[] =>
      Array.from({ length: count }, (_, index) => (value >>> (8 * index)) & 0xff);
    for (let count = below(20); count > 0; count--) {
      const length = oneOf([0, 2, 8, below(40), 0xffffffff, 0x7ffffff0]);
      const group = oneOf([0x0008, 0x0009, 0x0028, 0xfffe, 0xfffe, 0x7fe0]);
      const element = oneOf([0xe000, 0xe00d, 0xe0dd, 0x0008, 0x0010, 0x9110, 0x0001, 0x0002]);
      const vr = [...new TextEncoder().encode(oneOf(['SQ', 'UN', 'OB', 'OW', 'OV', 'IS', 'LO']))];
      bytes.push(...uint(group, 2), ...uint(element, 2));
      bytes.push(...(group === 0xfffe || below(3) === 0 ? [] : [...vr, 0, 0]));
      bytes.push(...uint(length, 4), ...uint(below(2 ** 16), below(3)));
    }
    return Uint8Array.from(bytes);
  }

  /** @returns bytes and items that a file was read to */
  function sizeOf({ elements }: DataSet): number {
    return Object.values(elements).reduce(
      (sum, { items = [], fragments = [], basicOffsetTable = [] }) =>
        sum +
        1 +
        fragments.length +
        basicOffsetTable.length +
        items.reduce((all, { dataSet }) => all + 1 + (dataSet ? sizeOf(dataSet) : 0), 0),
      0,
    );
  }

  it(`give frames or an error: ${INPUTS} inputs`, async () => {
    const native: TestElement = { tag: 0x7fe00010, vr: 'OW', value: new Uint8Array(12).fill(7) };
    const header = await encodePart10(ELEMENTS, 'jpeg-ls');
    const encapsulated = [
      encapsulate({ fragments: FRAGMENTS, basic: offsetsOf }),
      encapsulate({ fragments: FRAGMENTS, extended: offsetsOf, lengths: [5, 6, 7] }),
      encapsulate({ fragments: FRAGMENTS }),
    ].map((pixels) => Uint8Array.from([...header, ...pixels]));
    const files = [
      ...encapsulated,
      ...(await Promise.all(
        (['explicit', 'implicit', 'big-endian'] as const).map((syntax) =>
          encodePart10([...ELEMENTS, native], syntax),
        ),
      )),
    ];
    const seen = { frames: 0, native: 0, 'no frames': 0, error: 0 };
    for (let input = 0; input < INPUTS; input++) {
      if (input % INPUTS_PER_TASK === 0) {
        // Karma takes a page for lost that does not answer for seconds.
        await new Promise((resolve) => {
          setTimeout(resolve);
        });
      }
      const file = files[input % files.length] as Uint8Array;
      const bytes = below(3) === 0 ? invent(file) : damage(file);
      let dataSet: DataSet;
      try {
        dataSet = await readPart10File(bytes, lookUpVr);
      } catch (error) {
        seen.error++;
        if (
          !(error instanceof Error) ||
          error instanceof RangeError ||
          error instanceof TypeError
        ) {
          fail(`input ${input}: ${String(error)}`);
        }
        continue;
      }
      if (sizeOf(dataSet) > bytes.length) {
        fail(
          `input ${input}: ${sizeOf(dataSet)} elements, items and fragments of ${bytes.length} bytes`,
        );
      }
      seen[cutAll(dataSet, bytes.length, input)]++;
    }
    expect(Object.values(seen).every((times) => times > INPUTS / 1000))
      .withContext(JSON.stringify(seen))
      .toBeTrue();
  }, 180_000);

  function cutAll(
    dataSet: DataSet,
    available: number,
    input: number,
  ): 'frames' | 'native' | 'no frames' {
    if (!dataSet.elements['x7fe00010']?.fragments) {
      return 'native';
    }
    let length = 0;
    try {
      for (let frame = 0; frame < FRAMES; frame++) {
        length += cutEncapsulatedFrame(dataSet, frame + 1, 'wadouri:fuzz').length;
      }
    } catch (error) {
      if (!isStreamingVolumeError(error, 'frame-body')) {
        fail(`input ${input}: ${String(error)}`);
      }
      return 'no frames';
    }
    if (length > available) {
      fail(`input ${input}: frames of ${length} bytes of ${available}`);
    }
    return 'frames';
  }
});
