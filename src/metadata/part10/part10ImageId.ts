import { wadouri } from '@cornerstonejs/dicom-image-loader';

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

/** Takes a `wadouri:`, `dicomweb:` or `dicomfile:` imageId apart; undefined for any other. */
export function parsePart10ImageId(imageId: string): Part10ImageId | undefined {
  const isLocal = imageId.startsWith('dicomfile:');
  if (!isLocal && !/^(wadouri|dicomweb):/.test(imageId)) {
    return undefined;
  }
  const { url, frame } = wadouri.parseImageId(imageId) as { url: string; frame?: number };
  return { key: isLocal ? `dicomfile:${url}` : url, url, isLocal, frameNumber: frame ?? 1 };
}

/** The file behind a `dicomfile:` imageId, as long as dicom-image-loader knows it. */
export function localFile({ url, isLocal }: Part10ImageId): File | undefined {
  return isLocal
    ? (wadouri.fileManager.get(Number.parseInt(url, 10)) as File | undefined)
    : undefined;
}
