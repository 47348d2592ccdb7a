/** The header of one frame, held by Cornerstone, dicom-image-loader or this package. */
import { metaData } from '@cornerstonejs/core';
import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { Enums as MetadataEnums } from '@cornerstonejs/metadata';
import type { DataSet } from 'dicom-parser';
import { jsonItem, naturalizedItem, parsedItem } from './headerItem.js';
import type { BinaryVr, HeaderItem, JsonDataSet } from './headerItem.js';
import { findPart10File, parsePart10ImageId } from './part10/part10Files.js';
import { textOf } from './readModule.js';

/** The header of one frame, as it was written. */
export interface FrameHeader {
  /** The attributes of the instance. */
  readonly instance: HeaderItem;
  /**
   * The functional groups of the frame (PS3.3 C.7.6.16.1): first its own, then those that all frames share.
   * Empty for images without functional groups.
   */
  readonly groups: readonly HeaderItem[];
  /** From 1. */
  readonly frameNumber: number;
  /** Identity of the data set: the same object for all frames of an instance, another after a new registration. */
  readonly source: object;
}

const SHARED_GROUPS = '52009229';
const PER_FRAME_GROUPS = '52009230';

/**
 * Finds the header of a frame: in a prefetched Part-10 file, else in the DICOM JSON or the parsed files of
 * dicom-image-loader, else in Cornerstone's own data sets.
 *
 * Unlike metadata providers, it keeps the attributes of functional groups apart from those of the instance.
 *
 * @returns undefined where none of these has it
 */
export function findFrameHeader(imageId: string): FrameHeader | undefined {
  return (
    ofPart10File(imageId) ?? ofDicomWeb(imageId) ?? ofDataSet(imageId) ?? ofNaturalized(imageId)
  );
}

/**
 * The values of an element in one of the functional groups of a frame.
 *
 * @param groups - tags of nested sequences, from that of the functional group
 */
export function valuesOfGroup(
  header: FrameHeader,
  groups: readonly string[],
  tag: string,
  binary?: BinaryVr,
): readonly unknown[] | undefined {
  for (const group of header.groups) {
    const values = itemAt(group, groups)?.values(tag, binary);
    if (values) {
      return values;
    }
  }
  return undefined;
}

/** The first item of nested sequences. */
function itemAt(item: HeaderItem, path: readonly string[]): HeaderItem | undefined {
  return path.reduce<HeaderItem | undefined>((inner, tag) => inner?.items(tag)[0], item);
}

function toHeader(source: object, instance: HeaderItem, frameNumber: number): FrameHeader {
  const groups = [
    instance.item(PER_FRAME_GROUPS, frameNumber - 1),
    instance.item(SHARED_GROUPS, 0),
  ].filter((group) => group !== undefined);
  return { instance, groups, frameNumber, source };
}

function ofPart10File(imageId: string): FrameHeader | undefined {
  const file = findPart10File(imageId);
  const frameNumber = parsePart10ImageId(imageId)?.frameNumber ?? 1;
  return file && toHeader(file.json, jsonItem(file.json), frameNumber);
}

function ofDicomWeb(imageId: string): FrameHeader | undefined {
  const json = wadors.metaDataManager.get(imageId) as unknown as JsonDataSet | undefined;
  if (!json) {
    return undefined;
  }
  const frameNumber = frameInPath(imageId) ?? 1;
  const own = ownAttributes(json);
  const header = toHeader(own ?? json, jsonItem(own ?? json), frameNumber);
  return own ? header : { ...header, instance: withUidsOfAddress(header, imageId) };
}

/** Study, series and instance, as the address of a frame names them (PS3.18 10.4.1). */
const UIDS_IN_ADDRESS = /\/studies\/([\d.]+)\/series\/([\d.]+)\/instances\/([\d.]+)\//;
const UID_TAGS = ['0020000D', '0020000E', '00080018'];

/** An instance may be mixed with its functional groups already; the address still has its own UIDs. */
function withUidsOfAddress({ instance, groups }: FrameHeader, imageId: string): HeaderItem {
  const uids = UIDS_IN_ADDRESS.exec(imageId)?.slice(1);
  if (!uids || groups.length === 0) {
    return instance;
  }
  return {
    ...instance,
    values: (tag, binary) => {
      const uid = uids[UID_TAGS.indexOf(tag)];
      return uid === undefined ? instance.values(tag, binary) : [uid];
    },
  };
}

function ofDataSet(imageId: string): FrameHeader | undefined {
  const { url, frame } = wadouri.parseImageId(imageId);
  const dataSet = wadouri.dataSetCacheManager.get(url) as DataSet | undefined;
  return dataSet && toHeader(dataSet, parsedItem(dataSet), frame ?? 1);
}

function ofNaturalized(imageId: string): FrameHeader | undefined {
  const dataSet: unknown = metaData.get(MetadataEnums.MetadataModules.NATURALIZED, imageId);
  if (typeof dataSet !== 'object' || dataSet === null) {
    return undefined;
  }
  const frame = /(?:\/frames\/|[?&]frame=)(\d+)/.exec(imageId)?.[1];
  return toHeader(dataSet, naturalizedItem(dataSet), Number(frame ?? 1));
}

/** The frame number (from 1) in a DICOMweb address (PS3.18 10.4); undefined where there is none. */
export function frameInPath(imageId: string): number | undefined {
  const [, digits] = /\/frames\/(\d+)/.exec(imageId) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Where a header holds a value. */
export interface HeaderField {
  /** Eight hexadecimal digits, in capitals. */
  readonly tag: string;
  /** Tags of nested sequences that may hold the value instead. */
  readonly groups?: readonly string[];
  /** VR of a value in bytes of unknown type; text, unless given (PS3.5 6.2). */
  readonly binary?: BinaryVr;
}

/**
 * Reads a value from the header of a frame, several values joined by backslashes: from its functional groups, or
 * else from the attributes of the instance.
 *
 * @returns undefined where there is no header, or the header has no such value
 */
export function readHeaderText(imageId: string, field: HeaderField): string | undefined {
  const header = findFrameHeader(imageId);
  return header && readField(header, field)?.map(textOf).join('\\');
}

function readField(
  header: FrameHeader,
  { tag, groups = [], binary }: HeaderField,
): readonly unknown[] | undefined {
  const ofGroup =
    groups.length > 0
      ? valuesOfGroup(header, groups, tag, binary)
      : describingItems(header)
          .map((item) => item.values(tag, binary))
          .find((values) => values !== undefined);
  return (
    ofGroup ??
    header.instance.values(tag, binary) ??
    (groups.length > 0 ? itemAt(header.instance, groups)?.values(tag, binary) : undefined)
  );
}

/** Unassigned Shared and Per-Frame Converted Attributes Sequence (PS3.3 C.7.6.16.2). */
const CONVERTED_ATTRIBUTES: ReadonlySet<string> = new Set([
  '00209170',
  'UnassignedSharedConvertedAttributesSequence',
  '00209171',
  'UnassignedPerFrameConvertedAttributesSequence',
]);

/** Study and Series Instance UID, SOP Instance UID, Referenced SOP Instance UID. */
const UIDS_OF_OBJECTS = ['0020000D', '0020000E', '00080018', '00081155'];

/**
 * The functional groups that describe the frame, its own before those of all frames. Groups about other images,
 * such as the ones that the frame was derived from, are left out. Attributes that a converter could not assign to
 * a group describe the frame too.
 */
function describingItems({ groups }: FrameHeader): HeaderItem[] {
  return groups.flatMap((group) =>
    group
      .sequences()
      .filter(([name, item]) => CONVERTED_ATTRIBUTES.has(name) || !isReference(item))
      .map(([, item]) => item),
  );
}

function isReference(item: HeaderItem): boolean {
  return UIDS_OF_OBJECTS.some((tag) => item.values(tag) !== undefined);
}

type Metadata = Parameters<typeof wadors.metaDataManager.add>[1];

/** Key of an instance's own attributes in the instance; dicom-image-loader copies symbols too. */
const OWN = Symbol.for('streaming-image-volume-loader/own-attributes');

/** Shared and Per-Frame Functional Groups Sequence (PS3.3 C.7.6.16.1). */
const GROUPS = ['52009229', '52009230'] as const;

interface WithOwn {
  [OWN]?: JsonDataSet;
}

/**
 * Keeps the own attributes of an instance with functional groups.
 *
 * Workaround: to combine a frame, dicom-image-loader overwrites the attributes of the instance with those of all
 * functional groups, also of groups about other objects: the Series Instance UID of the image that a frame was
 * converted from replaces the instance's own (5.14, imageLoader/wadors/combineFrameInstance.js). Remove when it
 * copies the instance first, and only the groups that describe the frame.
 */
export function keepOwnAttributes(instance: JsonDataSet): void {
  const kept = instance as WithOwn;
  if (!kept[OWN] && GROUPS.some((tag) => instance[tag])) {
    kept[OWN] = { ...instance };
  }
}

/**
 * The attributes of an instance as they were registered.
 *
 * @param combined - the data set that dicom-image-loader has combined for a frame
 * @returns undefined for an instance that was registered before {@link watchInstances}
 */
function ownAttributes(combined: JsonDataSet): JsonDataSet | undefined {
  return (combined as WithOwn)[OWN];
}

/**
 * Keeps the attributes of all instances that are registered until the returned function is called. It puts
 * `wadors.metaDataManager.add` back; where another wrapper lies over this one by then, this one only passes
 * calls on.
 */
export function watchInstances(): () => void {
  const manager = wadors.metaDataManager;
  const { add } = manager;
  let isWatching = true;
  const watched = (imageId: string, metadata: Metadata): void => {
    if (isWatching) {
      keepOwnAttributes(metadata);
    }
    add(imageId, metadata);
  };
  manager.add = watched;
  return () => {
    isWatching = false;
    if (manager.add === watched) {
      manager.add = add;
    }
  };
}
