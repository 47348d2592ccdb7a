import { jsonItem } from '../../../src/headers/headerItem.js';
import {
  littleEndianByteArrayParser,
  readElements,
} from '../../../src/headers/part10/readElements.js';
import { readPart10Header } from '../../../src/headers/part10/readPart10Header.js';
import { trimPadding } from '../../../src/headers/part10/toDicomJson.js';
import { encodePart10 } from '../../support/encodePart10.js';
import type { TestElement } from '../../support/encodePart10.js';

const PIXELS: TestElement = { tag: 0x7fe00010, vr: 'OW', value: [1, 2] };
const LONG: TestElement = { tag: 0x00091001, vr: 'OB', value: new Uint8Array(5000) };
const ENCODING = {
  parser: littleEndianByteArrayParser,
  isImplicit: false,
  lookUpVr: () => undefined,
};
const EMPTY_ITEM = [0xfe, 0xff, 0, 0xe0, 0, 0, 0, 0];
const EMPTY_ELEMENT = [8, 0, 0x60, 0, 0x43, 0x53, 0, 0];

function sequenceOf(items: number): Uint8Array {
  const head = [8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 8 * items, 0, 0, 0];
  return Uint8Array.from([...head, ...Array.from({ length: items }, () => EMPTY_ITEM).flat()]);
}

describe('The parts of a header', () => {
  it('are at most so many items', () => {
    expect(readElements(sequenceOf(9), 0, ENCODING, 10).kind).toBe('done');
    expect(readElements(sequenceOf(10), 0, ENCODING, 10)).toEqual(
      jasmine.objectContaining({ kind: 'fault', fault: 'malformed' }),
    );
  });

  it('are at most so many elements', () => {
    const elements = (count: number): Uint8Array =>
      Uint8Array.from(Array.from({ length: count }, () => EMPTY_ELEMENT).flat());
    expect(readElements(elements(10), 0, ENCODING, 10).kind).toBe('done');
    expect(readElements(elements(11), 0, ENCODING, 10).kind).toBe('fault');
  });

  it('are fewer where the file is deflated, of which few bytes make many', async () => {
    const items = new Uint8Array(8 * 2 ** 20);
    for (let at = 0; at < items.length; at += 8) {
      items.set(EMPTY_ITEM, at);
    }
    const sequence: TestElement = { tag: 0x00081140, vr: 'SQ', value: items };
    const read = async (syntax: 'deflated' | 'explicit'): Promise<unknown> => {
      const bytes = await encodePart10([sequence, PIXELS], syntax);
      return readPart10Header(bytes, bytes.length, () => undefined);
    };
    expect(await read('deflated')).toEqual(
      jasmine.objectContaining({ kind: 'error', message: jasmine.stringContaining('elements') }),
    );
    expect(await read('explicit')).toEqual(jasmine.objectContaining({ kind: 'header' }));
  });

  it('are no element that is longer than its item', async () => {
    const value = [[{ tag: 0x00080060, vr: 'CS', value: 'CT', length: 4000 }]] as const;
    const sequence: TestElement = { tag: 0x00081140, vr: 'SQ', value };
    const bytes = await encodePart10([sequence, LONG, PIXELS], 'explicit');
    expect(await readPart10Header(bytes, bytes.length, () => undefined)).toEqual(
      jasmine.objectContaining({
        kind: 'error',
        message: jasmine.stringContaining('longer than its item'),
      }),
    );
  });

  it('are no item that is longer than its sequence', async () => {
    const value = Uint8Array.from([0xfe, 0xff, 0, 0xe0, 200, 0, 0, 0, 1, 0]);
    const sequence: TestElement = { tag: 0x00081140, vr: 'SQ', value };
    const bytes = await encodePart10([sequence, LONG, PIXELS], 'explicit');
    expect(await readPart10Header(bytes, bytes.length, () => undefined)).toEqual(
      jasmine.objectContaining({
        kind: 'error',
        message: jasmine.stringContaining('longer than its sequence'),
      }),
    );
  });

  it('that are text end in no padding', () => {
    for (const [text, trimmed] of [
      ['a b \0 ', 'a b'],
      [' \0 ', ''],
      ['', ''],
      [`${' \0'.repeat(100_000)}x `, `${' \0'.repeat(100_000)}x`],
    ] as const) {
      expect(trimPadding(text)).toBe(trimmed);
    }
    expect(
      jsonItem({ '00180082': { InlineBinary: btoa('\\5\\ \0 ') } }).values('00180082'),
    ).toEqual(['', '5', '']);
  });
});
