import { metaData } from '@cornerstonejs/core';
import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import type { SplitTag, SplitValue } from '../../src/base/splitTag.js';
import { readSplitValue } from '../../src/headers/readSplitValue.js';

/** An element of a data set in explicit VR, little endian (PS3.5 7.1.2). */
function element(tag: string, vr: string, value: Uint8Array): Uint8Array {
  const isLong = vr === 'SQ' || vr === 'OB';
  const bytes = new Uint8Array((isLong ? 12 : 8) + value.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Number.parseInt(tag.slice(0, 4), 16), true);
  view.setUint16(2, Number.parseInt(tag.slice(4), 16), true);
  bytes.set(new TextEncoder().encode(vr), 4);
  if (isLong) {
    view.setUint32(8, value.length, true);
  } else {
    view.setUint16(6, value.length, true);
  }
  bytes.set(value, bytes.length - value.length);
  return bytes;
}

function textElement(tag: string, vr: string, text: string): Uint8Array {
  return element(tag, vr, new TextEncoder().encode(text.length % 2 === 0 ? text : `${text} `));
}

function bytesOf(numbers: Float64Array | Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(numbers.buffer as ArrayBuffer);
}

function sequence(tag: string, ...content: Uint8Array[]): Uint8Array {
  const inner = joined(content);
  const item = new Uint8Array(8 + inner.length);
  const view = new DataView(item.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, 0xe000, true);
  view.setUint32(4, inner.length, true);
  item.set(inner, 8);
  return element(tag, 'SQ', item);
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}

function part10(...elements: Uint8Array[]): ArrayBuffer {
  const syntax = textElement('00020010', 'UI', '1.2.840.10008.1.2.1\0'.slice(0, 20));
  const length = element('00020000', 'UL', bytesOf(Uint32Array.of(syntax.length)));
  const preamble = new Uint8Array(132);
  preamble.set(new TextEncoder().encode('DICM'), 128);
  return joined([preamble, length, syntax, ...elements]).buffer;
}

describe('readSplitValue', () => {
  const provided = new Map<string, unknown>();
  const provider = (type: string, imageId: unknown): unknown =>
    provided.get(`${type} ${String(imageId)}`);

  beforeEach(() => {
    provided.clear();
    metaData.addProvider(provider, 9999);
  });

  afterEach(() => {
    metaData.removeProvider(provider);
    wadors.metaDataManager.purge();
    wadouri.dataSetCacheManager.purge();
  });

  function fromJson(json: object, tag: SplitTag): SplitValue | undefined {
    const imageId = 'wadors:http://nowhere/instances/1/frames/1';
    wadors.metaDataManager.add(imageId, json as never);
    return readSplitValue(imageId, tag);
  }

  async function fromFile(
    tag: SplitTag,
    suffix: string,
    ...elements: Uint8Array[]
  ): Promise<SplitValue | undefined> {
    const url = 'http://nowhere/file.dcm?of=split';
    const answer = async () => Promise.resolve(part10(...elements));
    await wadouri.dataSetCacheManager.load(url, answer, `wadouri:${url}`);
    return readSplitValue(`wadouri:${url}${suffix}`, tag);
  }

  it('knows nothing of an image without headers', () => {
    expect(readSplitValue('nobody:1', 'TriggerTime')).toBeUndefined();
    expect(readSplitValue('nobody:1', 'SiemensPrivateBValue')).toBeUndefined();
  });

  for (const [tag, key, vr, value, expected] of [
    ['TemporalPositionIdentifier', '00200100', 'IS', [2], 2],
    ['TriggerTime', '00181060', 'DS', ['12.50 '], 12.5],
    ['EchoNumbers', '00180086', 'IS', [1, 2], '1\\2'],
    ['ImageType', '00080008', 'CS', ['ORIGINAL', 'PRIMARY', 'M'], 'ORIGINAL\\PRIMARY\\M'],
    ['AcquisitionNumber', '00200012', 'IS', [0], 0],
    ['EchoTime', '00180081', 'DS', [], undefined],
    ['EchoTime', '00180081', 'DS', undefined, undefined],
  ] as const) {
    it(`reads ${tag} ${JSON.stringify(value)} of DICOM JSON`, () => {
      expect(fromJson({ [key]: { vr, Value: value } }, tag)).toBe(expected);
    });
  }

  it('reads functional groups of DICOM JSON', () => {
    const direction = { '00189089': { vr: 'FD', Value: [0, 1, 0] } };
    const diffusion = {
      '00189087': { vr: 'FD', Value: [800] },
      '00189076': { vr: 'SQ', Value: [direction] },
    };
    const json = { '00189117': { vr: 'SQ', Value: [diffusion] } };
    expect(fromJson(json, 'DiffusionBValue')).toBe(800);
    expect(fromJson(json, 'DiffusionGradientOrientation')).toBe('0\\1\\0');
  });

  it('tells the frames of a multi-frame image apart', () => {
    const group = (index: number) => ({
      '00209111': {
        vr: 'SQ',
        Value: [{ '00209128': { vr: 'UL', Value: [index] } }],
      },
    });
    const base = 'wadors:http://nowhere/instances/2/frames';
    wadors.metaDataManager.add(`${base}/1`, {
      '00280008': { vr: 'IS', Value: [2] },
      '52009230': { vr: 'SQ', Value: [group(7), group(8)] },
    } as never);
    expect([1, 2].map((i) => readSplitValue(`${base}/${i}`, 'TemporalPositionIndex'))).toEqual([
      7, 8,
    ]);
  });

  it('reads text and binary values of a file', async () => {
    const elements = [
      textElement('00080008', 'CS', 'ORIGINAL\\PRIMARY'),
      textElement('00181060', 'DS', '37.5'),
      sequence(
        '00189117',
        element('00189087', 'FD', bytesOf(Float64Array.of(1000))),
        sequence('00189076', element('00189089', 'FD', bytesOf(Float64Array.of(0.5, -1, 0)))),
      ),
    ];
    expect(await fromFile('TriggerTime', '', ...elements)).toBe(37.5);
    expect(await fromFile('ImageType', '', ...elements)).toBe('ORIGINAL\\PRIMARY');
    expect(await fromFile('DiffusionBValue', '', ...elements)).toBe(1000);
    expect(await fromFile('DiffusionGradientOrientation', '', ...elements)).toBe('0.5\\-1\\0');
    expect(await fromFile('EchoTime', '', ...elements)).toBeUndefined();
  });

  it('tells the frames of a file of many frames apart', async () => {
    const groupOf = (time: number) => {
      const index = element('00209128', 'UL', bytesOf(Uint32Array.of(time)));
      return sequence('00209111', index);
    };
    const items = [groupOf(3), groupOf(4)].map((content) =>
      sequence('52009230', content).slice(12),
    );
    const elements = [textElement('00280008', 'IS', '2'), element('52009230', 'SQ', joined(items))];
    expect(await fromFile('TemporalPositionIndex', '&frame=1', ...elements)).toBe(3);
    expect(await fromFile('TemporalPositionIndex', '&frame=2', ...elements)).toBe(4);
  });

  it('asks metadata providers by keyword, by instance and by module', () => {
    provided.set('TriggerTime made-up:1', '5');
    provided.set('instance made-up:1', { EchoTime: 4, ImageType: ['DERIVED', 'PRIMARY'] });
    provided.set('petImageModule made-up:1', { frameReferenceTime: 1500 });
    provided.set('generalImageModule made-up:1', { instanceNumber: 12 });
    const read = (tag: SplitTag) => readSplitValue('made-up:1', tag);
    expect(read('TriggerTime')).toBe(5);
    expect(read('EchoTime')).toBe(4);
    expect(read('ImageType')).toBe('DERIVED\\PRIMARY');
    expect(read('FrameReferenceTime')).toBe(1500);
    expect(read('InstanceNumber')).toBe(12);
    expect(read('AcquisitionNumber')).toBeUndefined();
  });

  describe('the b-value of a vendor', () => {
    const creator = (tag: string, name: string) => ({ [tag]: { vr: 'LO', Value: [name] } });
    const inline = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

    it('is read as text, number or bytes', () => {
      const siemens = creator('00190010', 'SIEMENS MR HEADER');
      const b1000 = { vr: 'UN', InlineBinary: btoa('1000') };
      expect(fromJson({ ...siemens, '0019100C': b1000 }, 'SiemensPrivateBValue')).toBe(1000);
      const ge = creator('00430010', 'GEMS_PARM_01');
      const flagged = { vr: 'IS', Value: [1_000_000_800, 8, 0, 0] };
      expect(fromJson({ ...ge, '00431039': flagged }, 'GEPrivateBValue')).toBe(800);
      const philips = creator('20010010', 'Philips Imaging DD 001');
      const float = { vr: 'UN', InlineBinary: inline(bytesOf(Float32Array.of(600))) };
      expect(fromJson({ ...philips, '20011003': float }, 'PhilipsPrivateBValue')).toBe(600);
    });

    it('is read of a file', async () => {
      const elements = [
        textElement('20010010', 'LO', 'Philips Imaging DD 001'),
        element('20011003', 'FL', bytesOf(Float32Array.of(600))),
      ];
      expect(await fromFile('PhilipsPrivateBValue', '', ...elements)).toBe(600);
    });

    it('is left alone where another vendor has the element', () => {
      const json = { ...creator('00190010', 'OTHER'), '0019100C': { vr: 'IS', Value: [1000] } };
      expect(fromJson(json, 'SiemensPrivateBValue')).toBeUndefined();
      expect(
        fromJson({ '0019100C': { vr: 'IS', Value: [5] } }, 'SiemensPrivateBValue'),
      ).toBeUndefined();
    });
  });
});
