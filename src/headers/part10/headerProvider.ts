import { metaData } from '@cornerstonejs/core';
import {
  Enums as MetadataEnums,
  registerDefaultProviders,
  utilities,
} from '@cornerstonejs/metadata';
import { findPart10File, parsePart10ImageId } from './part10Files.js';
import type { DicomJson } from './toDicomJson.js';

const { MetadataModules } = MetadataEnums;

/** Behind every other provider, that of Cornerstone's own data sets (-1000) included. */
const PRIORITY = -2000;

/**
 * What stands for the whole instance, and is not answered: dicom-image-loader takes an instance that it
 * finds there for one whose pixels are there too. The others are about the imageId as it is written.
 */
const NOT_ANSWERED: ReadonlySet<string> = new Set([
  MetadataModules.NATURALIZED,
  MetadataModules.COMPRESSED_FRAME_DATA,
  MetadataModules.BASE_IMAGE_ID,
  MetadataModules.FRAME_IMAGE_IDS,
  MetadataModules.URI_MODULE,
]);

const HEADER_SCHEME = 'part10-header:';

let headerCount = 0;

/** Whether an imageId is one of {@link registerHeader}. */
export function isHeaderImageId(imageId: string): boolean {
  return imageId.startsWith(HEADER_SCHEME);
}

/**
 * Gives a header to Cornerstone, under an imageId of its own.
 *
 * Cornerstone's providers make every module out of it, functional groups and SUV factors included, and
 * {@link provideHeaders} lets the frames of the file have them.
 *
 * @returns the imageId that the header has
 */
export function registerHeader(json: DicomJson): string {
  headerCount += 1;
  const headerImageId = `${HEADER_SCHEME}${headerCount}`;
  const add = (): unknown => utilities.addDicomWebInstance(headerImageId, json);
  if (add() === undefined) {
    // With the legacy providers of dicom-image-loader, nobody has registered those of Cornerstone.
    registerDefaultProviders();
    add();
  }
  return headerImageId;
}

/** Lets Cornerstone ask for the headers of prefetched files; an application may have removed all providers. */
export function provideHeaders(): void {
  metaData.addProvider(provide, PRIORITY);
}

/** Removes the provider. The headers are kept, and {@link provideHeaders} makes them known again. */
export function withdrawHeaders(): void {
  metaData.removeProvider(provide);
}

function provide(type: string, imageId: unknown): unknown {
  if (typeof imageId !== 'string' || NOT_ANSWERED.has(type)) {
    return undefined;
  }
  const file = findPart10File(imageId);
  const parsed = parsePart10ImageId(imageId);
  return (
    file &&
    parsed &&
    (metaData.get(type, `${file.headerImageId}?frame=${parsed.frameNumber}`) as unknown)
  );
}
