import { findFrameHeader, itemAt, valuesOfGroup } from './frameHeader.js';
import type { FrameHeader } from './frameHeader.js';
import type { BinaryVr, HeaderItem } from './headerItem.js';

/** Where a header holds a value. */
export interface HeaderField {
  /** Eight hexadecimal digits, in capitals. */
  readonly tag: string;
  /** The sequences, one in the other, in which the value may stand instead. */
  readonly groups?: readonly string[];
  /** How the value is stored where it is no text: FD, FL, UL or US (PS3.5 6.2). */
  readonly binary?: BinaryVr;
}

/**
 * Reads a value from the header of a frame, several values joined by backslashes: from its functional groups
 * where it has such, and else from what the instance says of itself.
 *
 * @returns `undefined` where nobody holds a header, or the header has no such value
 */
export function readHeaderText(imageId: string, field: HeaderField): string | undefined {
  const header = findFrameHeader(imageId);
  return header && readField(header, field)?.map(String).join('\\');
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
 * The functional groups that describe the frame, its own before those of all frames: others refer to images
 * that it was made of, or that it is to be read with. What a converter found no place for describes it too.
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
