import { cache } from '@cornerstonejs/core';
import type { Types } from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import type { DataSet } from 'dicom-parser';
import type { DicomJson } from './toDicomJson.js';

/** Where a frame of a Part-10 file is, as its imageId says. */
export interface Part10ImageId {
  /** The same for all frames of a file. */
  readonly key: string;
  /** Address of the file, or its number in dicom-image-loader's `fileManager`. */
  readonly url: string;
  readonly isLocal: boolean;
  /** From 1. */
  readonly frameNumber: number;
}

/** Integer, float and double float pixel data (PS3.3 C.7.6.3, C.7.6.24, C.7.6.25); a file has one of them. */
export const PIXEL_TAGS = ['x7fe00010', 'x7fe00008', 'x7fe00009'] as const;

/**
 * The parameter of an imageId that names a frame. dicom-image-loader writes it with `&` also behind an
 * address without a query, and applications with `?` behind one that has a query; a fragment is not sent.
 */
const FRAME_PARAMETER = /([?&#])frame=(\d+)(?=([?&#])|$)/;

/**
 * Parses a `wadouri:`, `dicomweb:` or `dicomfile:` imageId; undefined for any other.
 *
 * The first parameter `frame=` with a number names the frame, as for Cornerstone's metadata. Without it, all the
 * rest is the address, as it is written: other parameters, a second `frame=`, names that only end so
 * (`keyframe=`), percent-encoded characters.
 */
export function parsePart10ImageId(imageId: string): Part10ImageId | undefined {
  const isLocal = imageId.startsWith('dicomfile:');
  if (!isLocal && !/^(wadouri|dicomweb):/.test(imageId)) {
    return undefined;
  }
  const address = imageId.slice(imageId.indexOf(':') + 1);
  const found = FRAME_PARAMETER.exec(address);
  const url = found ? withoutParameter(address, found) : address;
  const frameNumber = Number(found?.[2] ?? 1);
  return { key: isLocal ? `dicomfile:${url}` : url, url, isLocal, frameNumber };
}

function withoutParameter(address: string, found: RegExpExecArray): string {
  const [all, separator, , next] = found;
  const before = address.slice(0, found.index);
  const after = address.slice(found.index + all.length);
  // The parameters behind the first one of a query, or of a fragment, need its beginning.
  const isFirst = separator === '#' || (separator === '?' && !before.includes('?'));
  return next === '&' && isFirst ? `${before}${separator}${after.slice(1)}` : before + after;
}

/**
 * Whether dicom-image-loader reads another address or frame out of an imageId.
 *
 * Workaround: dicom-image-loader takes all behind the first `frame=`, wherever that is, for a number
 * (wadouri/parseImageId.js). Remove when it parses the query.
 */
export function isMisreadByImageLoader(imageId: string): boolean {
  const parsed = parsePart10ImageId(imageId);
  if (!parsed || !imageId.includes('frame=')) {
    return false;
  }
  const { url, frame } = wadouri.parseImageId(imageId) as { url: string; frame?: number };
  return url !== parsed.url || (frame ?? 1) !== parsed.frameNumber;
}

/** The file behind a `dicomfile:` imageId, as long as dicom-image-loader's `fileManager` has it. */
export function localFile({ url, isLocal }: Part10ImageId): File | undefined {
  return isLocal
    ? (wadouri.fileManager.get(Number.parseInt(url, 10)) as File | undefined)
    : undefined;
}

/** A file whose header is registered. */
export interface Part10File {
  /** The imageId under which Cornerstone has the header. */
  readonly headerImageId: string;
  readonly json: DicomJson;
  /** Numbers of the frames that Cornerstone was asked about: it keeps the modules that it has made for them. */
  readonly askedFrames: Set<number>;
  /**
   * The local file that the header was read from: numbers of local files are used again. Weak, so that an application
   * can let go of its bytes.
   */
  readonly local: WeakRef<File> | undefined;
  /** All bytes of the file, as long as frames are still to be loaded from them. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** The whole file, likewise. */
  dataSet: DataSet | undefined;
  /** imageIds that were prefetched, and that no volume has taken yet. */
  readonly awaited: Set<string>;
  /** Volumes with slices that are still to be loaded; see `FileHold`. */
  readonly holders: Set<object>;
}

/**
 * Makes the record of a file, without its content.
 *
 * @param local - the file, where it is a local one
 */
export function createPart10File(
  headerImageId: string,
  json: DicomJson,
  local: File | undefined,
): Part10File {
  return {
    headerImageId,
    json,
    askedFrames: new Set(),
    local: local && new WeakRef(local),
    bytes: undefined,
    dataSet: undefined,
    awaited: new Set(),
    holders: new Set(),
  };
}

const files = new Map<string, Part10File>();

/** The file of a frame, when its header is registered. */
export function findPart10File(imageId: string): Part10File | undefined {
  const parsed = parsePart10ImageId(imageId);
  const file = parsed && files.get(parsed.key);
  return file && isCurrent(parsed, file) ? file : undefined;
}

/** Not when the application has removed a local file, or another one has its number. */
function isCurrent(parsed: Part10ImageId, { local }: Part10File): boolean {
  const current = localFile(parsed);
  return !parsed.isLocal || (current !== undefined && current === local?.deref());
}

/**
 * Registers a file.
 *
 * @returns the one of the same key that it replaces, whose content is dropped
 */
export function addPart10File(key: string, file: Part10File): Part10File | undefined {
  const replaced = files.get(key);
  if (replaced) {
    dropContent(replaced);
  }
  files.set(key, file);
  return replaced;
}

/** Drops the local files that are not in dicom-image-loader's `fileManager` any more, and returns them. */
export function dropRemovedFiles(): Part10File[] {
  const removed = [...files].filter(([key, { local }]) => local && !findPart10File(key));
  for (const [key, file] of removed) {
    dropContent(file);
    files.delete(key);
  }
  return removed.map(([, file]) => file);
}

/** Notes that frames may be loaded: the content of their files is kept until then, if there is any. */
export function expectFrames(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    findPart10File(imageId)?.awaited.add(imageId);
  }
}

/** Notes that frames are loaded, or will not be. The content of a file is dropped with the last of them. */
export function releaseFrames(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    const file = findPart10File(imageId);
    file?.awaited.delete(imageId);
    if (file) {
      dropUnused(file);
    }
  }
}

/** Takes the content of a file over for a volume: the volume loads frames from it, and it leaves Cornerstone's cache. */
export function claimContent(file: Part10File): void {
  if (kept.has(file)) {
    const { bytes, dataSet } = file;
    dropContent(file);
    Object.assign(file, { bytes, dataSet });
  }
}

/** Drops the content of a file, unless frames are still to be loaded from it. */
export function dropUnused(file: Part10File): void {
  if (!isInUse(file)) {
    dropContent(file);
  }
}

/** Whether frames are still to be loaded from a file, so that its content is kept. */
export function isInUse({ awaited, holders }: Part10File): boolean {
  return awaited.size > 0 || holders.size > 0;
}

/**
 * Files whose bytes came with the header and that no volume awaits, the oldest first. Each has an entry in
 * Cornerstone's image cache.
 */
const kept = new Set<Part10File>();

/**
 * Keeps the bytes of a file that came with its header, so that its frames need no other request. Until a volume
 * awaits them, they are an entry of Cornerstone's image cache, which counts them and evicts them like an Image.
 * No Image is evicted for them: the oldest of these files are dropped where room is missing, and without room
 * the bytes are not kept.
 */
export function keepBytes(file: Part10File, bytes: Uint8Array<ArrayBuffer>): void {
  const { length } = bytes;
  for (const oldest of kept) {
    if (cache.getBytesAvailable() >= length) {
      break;
    }
    dropContent(oldest);
  }
  if (cache.getBytesAvailable() < length) {
    return;
  }
  const entryId = cacheEntryOf(file);
  cache.putImageSync(entryId, { imageId: entryId, sizeInBytes: length } as Types.IImage);
  const entry = cache.getImageLoadObject(entryId) as Types.IImageLoadObject;
  entry.decache = () => {
    forget(file);
  };
  kept.add(file);
  file.bytes = bytes;
}

function dropContent(file: Part10File): void {
  forget(file);
  const entryId = cacheEntryOf(file);
  if (cache.getImageLoadObject(entryId)) {
    cache.removeImageLoadObject(entryId);
  }
}

function forget(file: Part10File): void {
  kept.delete(file);
  file.bytes = undefined;
  file.dataSet = undefined;
}

function cacheEntryOf({ headerImageId }: Part10File): string {
  return `part10-file:${headerImageId}`;
}
