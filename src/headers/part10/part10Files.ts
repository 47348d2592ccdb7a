import type { DataSet } from 'dicom-parser';
import { localFile, parsePart10ImageId } from './part10ImageId.js';
import type { DicomJson } from './toDicomJson.js';

/** A file whose header is registered. */
export interface Part10File {
  /** The imageId under which Cornerstone has the header. */
  readonly headerImageId: string;
  readonly json: DicomJson;
  /** The local file that the header was read from: numbers of local files are used again. */
  readonly local: File | undefined;
  /** All bytes of the file, as long as frames are still to be loaded from them. */
  bytes: Uint8Array<ArrayBuffer> | undefined;
  /** The whole file, likewise. */
  dataSet: DataSet | undefined;
  /** imageIds that are still to be loaded. */
  readonly awaited: Set<string>;
}

const files = new Map<string, Part10File>();

/** The file of a frame, when its header is registered. */
export function findPart10File(imageId: string): Part10File | undefined {
  const parsed = parsePart10ImageId(imageId);
  const file = parsed && files.get(parsed.key);
  return file && file.local === localFile(parsed) ? file : undefined;
}

export function addPart10File(key: string, file: Part10File): void {
  files.set(key, file);
}

/** Says that frames will be loaded: what is there of their files is kept until they are. */
export function awaitFrames(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    findPart10File(imageId)?.awaited.add(imageId);
  }
}

/** Says that frames are loaded, or will not be. What is kept of a file goes with the last of them. */
export function releaseFrames(imageIds: readonly string[]): void {
  for (const imageId of imageIds) {
    const file = findPart10File(imageId);
    file?.awaited.delete(imageId);
    if (file?.awaited.size === 0) {
      file.bytes = undefined;
      file.dataSet = undefined;
    }
  }
}
