import { Enums, metaData } from '@cornerstonejs/core';
import { ALL_TAGS } from '../base/splitTag.js';
import type { SplitTag, SplitValue, SplitValueReader } from '../base/splitTag.js';
import { findFrameHeader, readHeaderText } from './frameHeader.js';
import type { HeaderField } from './frameHeader.js';
import type { BinaryVr, HeaderItem } from './headerItem.js';
import { readModule, textOf, toFiniteNumber } from './readModule.js';
import type { MetadataModule } from './readModule.js';

const FRAME_CONTENT = ['00209111'];
const TIMING = ['00189112'];
const DIFFUSION = ['00189117'];
const CARDIAC = ['00189118'];

/**
 * Place of a tag in a header (PS3.6); `groups` are the functional groups of enhanced images that hold it (PS3.3 C.7.6.16, C.8.13.5, C.8.15.3).
 */
const FIELDS: Partial<Record<SplitTag, HeaderField>> = {
  TemporalPositionIdentifier: { tag: '00200100' },
  TemporalPositionIndex: { tag: '00209128', groups: FRAME_CONTENT, binary: 'UL' },
  TemporalPositionTimeOffset: { tag: '0020930D', groups: ['00209310'], binary: 'FD' },
  DiffusionBValue: { tag: '00189087', groups: DIFFUSION, binary: 'FD' },
  DiffusionGradientOrientation: {
    tag: '00189089',
    groups: [...DIFFUSION, '00189076'],
    binary: 'FD',
  },
  DiffusionDirectionality: { tag: '00189075', groups: DIFFUSION },
  TriggerTime: { tag: '00181060' },
  NominalCardiacTriggerDelayTime: { tag: '00209153', groups: CARDIAC, binary: 'FD' },
  ActualCardiacTriggerDelayTime: { tag: '00209252', groups: CARDIAC, binary: 'FD' },
  NominalPercentageOfCardiacPhase: { tag: '00209241', groups: CARDIAC, binary: 'FD' },
  CardiacCyclePosition: { tag: '00189236', groups: CARDIAC },
  RRIntervalTimeNominal: { tag: '00209251', groups: CARDIAC, binary: 'FD' },
  NominalInterval: { tag: '00181062' },
  LowRRValue: { tag: '00181081' },
  HighRRValue: { tag: '00181082' },
  NominalPercentageOfRespiratoryPhase: { tag: '00209245', groups: ['00189253'], binary: 'FD' },
  EchoTime: { tag: '00180081' },
  EffectiveEchoTime: { tag: '00189082', groups: ['00189114'], binary: 'FD' },
  EchoNumbers: { tag: '00180086' },
  InversionTime: { tag: '00180082' },
  InversionTimes: { tag: '00189079', groups: ['00189115'], binary: 'FD' },
  FlipAngle: { tag: '00181314', groups: TIMING },
  RepetitionTime: { tag: '00180080', groups: TIMING },
  FrameReferenceTime: { tag: '00541300' },
  FrameReferenceDateTime: { tag: '00189151', groups: FRAME_CONTENT },
  ImageType: { tag: '00080008' },
  FrameType: { tag: '00089007', groups: ['00189226'] },
  ComplexImageComponent: { tag: '00089208', groups: ['00189226'] },
  KVP: { tag: '00180060', groups: ['00189325'] },
  ConvolutionKernel: { tag: '00181210', groups: ['00189314'] },
  StackID: { tag: '00209056', groups: FRAME_CONTENT },
  SequenceName: { tag: '00180024' },
  AcquisitionNumber: { tag: '00200012' },
  FrameAcquisitionNumber: { tag: '00209156', groups: FRAME_CONTENT, binary: 'US' },
  FrameAcquisitionDateTime: { tag: '00189074', groups: FRAME_CONTENT },
  AcquisitionDateTime: { tag: '0008002A' },
  AcquisitionDate: { tag: '00080022' },
  AcquisitionTime: { tag: '00080032' },
  ContentDate: { tag: '00080023' },
  ContentTime: { tag: '00080033' },
  ImageComments: { tag: '00204000' },
  DimensionIndexValues: { tag: '00209157', groups: FRAME_CONTENT, binary: 'UL' },
  InstanceNumber: { tag: '00200013' },
};

/** Tags whose digits are no number: times have leading zeros (PS3.5 6.2, DA, DT and TM). */
const DATES_AND_TIMES: ReadonlySet<SplitTag> = new Set<SplitTag>([
  'FrameReferenceDateTime',
  'FrameAcquisitionDateTime',
  'AcquisitionDateTime',
  'AcquisitionDate',
  'AcquisitionTime',
  'ContentDate',
  'ContentTime',
]);

/**
 * Reads a tag that distinguishes volumes: from the header of the frame, or else from a metadata provider, by the
 * keyword, in `instance`, or in a module.
 */
export const readSplitValue: SplitValueReader = (imageId, tag) =>
  readTag(imageId, tag, () => askProvider(() => readInstance(imageId)));

/**
 * {@link readSplitValue} with a cache, for many tags of many frames. The headers must not change while it is used.
 */
export function createSplitValueReader(): SplitValueReader {
  const known = new Map<string, Map<SplitTag, SplitValue | undefined>>();
  // Providers compose the instance at each request.
  let last: { readonly imageId: string; readonly instance: MetadataModule | undefined } | undefined;
  const instanceOf = (imageId: string) => {
    if (last?.imageId !== imageId) {
      last = { imageId, instance: askProvider(() => readInstance(imageId)) };
    }
    return last.instance;
  };
  const readAll = (imageId: string): Map<SplitTag, SplitValue | undefined> =>
    new Map(ALL_TAGS.map((tag) => [tag, readTag(imageId, tag, () => instanceOf(imageId))]));
  return (imageId, tag) => {
    let ofImage = known.get(imageId);
    if (!ofImage) {
      ofImage = readAll(imageId);
      known.set(imageId, ofImage);
    }
    return ofImage.get(tag);
  };
}

function readTag(
  imageId: string,
  tag: SplitTag,
  getInstance: () => MetadataModule | undefined,
): SplitValue | undefined {
  const field = FIELDS[tag];
  if (!field) {
    return readPrivateBValue(imageId, tag);
  }
  const isTime = DATES_AND_TIMES.has(tag);
  return (
    toSplitValue(readHeaderText(imageId, field), isTime) ??
    toSplitValue(
      askProvider(() => metaData.get(tag, imageId) as unknown),
      isTime,
    ) ??
    toSplitValue(getInstance()?.[tag], isTime) ??
    toSplitValue(readNested(getInstance(), tag), isTime) ??
    toSplitValue(readFromModule(imageId, tag), isTime)
  );
}

function readInstance(imageId: string): MetadataModule | undefined {
  return readModule(Enums.MetadataModules.INSTANCE, imageId);
}

/**
 * What a provider of an application gives. One that throws has no value: tags are optional, and where the
 * headers of a frame cannot be read at all, `readFrameMetadata` says so with the error.
 */
export function askProvider<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

/** Providers lift the attributes of functional groups to the top of an instance, but not nested ones. */
function readNested(instance: MetadataModule | undefined, tag: SplitTag): unknown {
  if (tag !== 'DiffusionGradientOrientation') {
    return undefined;
  }
  const sequence = instance?.['DiffusionGradientDirectionSequence'];
  const item: unknown = Array.isArray(sequence) ? sequence[0] : sequence;
  return typeof item === 'object' && item !== null ? (item as MetadataModule)[tag] : undefined;
}

/** Tags that providers give under another name, in a module. */
const IN_MODULES: Partial<Record<SplitTag, readonly [module: string, field: string]>> = {
  FrameReferenceTime: [Enums.MetadataModules.PET_IMAGE, 'frameReferenceTime'],
  InstanceNumber: [Enums.MetadataModules.GENERAL_IMAGE, 'instanceNumber'],
  AcquisitionDate: [Enums.MetadataModules.GENERAL_SERIES, 'acquisitionDate'],
  AcquisitionTime: [Enums.MetadataModules.GENERAL_SERIES, 'acquisitionTime'],
};

function readFromModule(imageId: string, tag: SplitTag): unknown {
  const [module, field] = IN_MODULES[tag] ?? [];
  return module === undefined || field === undefined
    ? undefined
    : askProvider(() => readModule(module, imageId))?.[field];
}

/** Lists are arrays or array-like objects; times are texts or objects with their parts. */
function toSplitValue(value: unknown, isTime: boolean): SplitValue | undefined {
  const isList = typeof value === 'object' && value !== null && 'length' in value;
  const text = isList ? Array.from(value as ArrayLike<unknown>, textOf).join('\\') : value;
  if (isTime) {
    return toTime(text);
  }
  const number = toFiniteNumber(text);
  return number ?? (typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined);
}

interface DateOrTimeParts {
  readonly year?: number;
  readonly month?: number;
  readonly day?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly fractionalSeconds?: number;
}

/** In the notation of headers, whose texts sort as times do. */
export function toTime(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') {
    // ACR-NEMA writes colons and dots between the parts.
    const text = String(value)
      .trim()
      .replace(/^(\d{4})\.(\d\d)\.(\d\d)$/, '$1$2$3');
    return text.replaceAll(':', '') || undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const parts = value as DateOrTimeParts;
  const digits = (number: number | undefined, count = 2): string =>
    number === undefined ? '' : String(number).padStart(count, '0');
  if (parts.year !== undefined) {
    return digits(parts.year, 4) + digits(parts.month) + digits(parts.day);
  }
  const { hours, minutes, seconds, fractionalSeconds } = parts;
  const fraction = fractionalSeconds ? `.${digits(fractionalSeconds, 6)}` : '';
  return hours === undefined
    ? undefined
    : digits(hours) + digits(minutes) + digits(seconds) + fraction;
}

/** The private element that holds a vendor's b-value. */
interface PrivateBValue {
  readonly group: string;
  /** Lower byte of the element number; the upper byte is the block that the creator has reserved. */
  readonly element: string;
  readonly creator: string;
  readonly binary?: BinaryVr;
}

const PRIVATE_B_VALUES: Partial<Record<SplitTag, PrivateBValue>> = {
  SiemensPrivateBValue: { group: '0019', element: '0C', creator: 'SIEMENS MR HEADER' },
  GEPrivateBValue: { group: '0043', element: '39', creator: 'GEMS_PARM_01' },
  PhilipsPrivateBValue: {
    group: '2001',
    element: '03',
    creator: 'Philips Imaging DD 001',
    binary: 'FL',
  },
};

// GE adds a flag of 1e9 to the b-value of some sequences.
const GE_FLAG = 100_000;

/** Blocks of a group that a creator can reserve, by an element 0010 to 00FF with its name (PS3.5 7.8.1). */
const BLOCKS = Array.from({ length: 0xf0 }, (_, index) =>
  (0x10 + index).toString(16).padStart(2, '0').toUpperCase(),
);

/**
 * Reads the b-value from a vendor's private element, for series without Diffusion b-value (0018,9087). Only blocks
 * that this vendor has reserved are read.
 */
function readPrivateBValue(imageId: string, tag: SplitTag): SplitValue | undefined {
  const field = PRIVATE_B_VALUES[tag];
  const header = field && findFrameHeader(imageId);
  if (!header) {
    return undefined;
  }
  const items = [
    ...header.groups.flatMap((group) => group.sequences().map(([, item]) => item)),
    header.instance,
  ];
  for (const item of items) {
    const value = readFrom(item, field);
    if (value !== undefined) {
      return tag === 'GEPrivateBValue' ? value % GE_FLAG : value;
    }
  }
  return undefined;
}

function readFrom(
  item: HeaderItem,
  { group, element, creator, binary }: PrivateBValue,
): number | undefined {
  for (const block of BLOCKS) {
    const [reservedBy] = item.values(`${group}00${block}`) ?? [];
    if (textOf(reservedBy).trim().toUpperCase() === creator.toUpperCase()) {
      const [first] = item.values(`${group}${block}${element}`, binary) ?? [];
      const value = toFiniteNumber(typeof first === 'string' ? first.replaceAll('\0', '') : first);
      if (value !== undefined) {
        return value;
      }
    }
  }
  return undefined;
}
