import { metaData } from '@cornerstonejs/core';
import {
  Enums as MetadataEnums,
  metaData as typedMetaData,
  registerDefaultProviders,
  utilities,
} from '@cornerstonejs/metadata';
import { findPart10File, parsePart10ImageId } from './part10Files.js';
import type { DicomJson } from './toDicomJson.js';

const { MetadataModules } = MetadataEnums;

/** Behind every other provider, that of Cornerstone's own data sets (-1000) included. */
const PRIORITY = -2000;

/**
 * Modules that are not answered. Those of the whole instance: dicom-image-loader assumes that an instance found
 * there has its pixels too. The others describe the imageId as it is written.
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
 * Registers a header in Cornerstone, under an imageId of its own.
 *
 * Cornerstone's providers make every module of it, functional groups and SUV factors included; the provider of
 * {@link provideHeaders} answers with them for the frames of the file.
 *
 * @returns the imageId of the header
 */
export function registerHeader(json: DicomJson): string {
  headerCount += 1;
  const headerImageId = `${HEADER_SCHEME}${headerCount}`;
  const add = (): unknown => utilities.addDicomWebInstance(headerImageId, json);
  if (add() === undefined) {
    // With the legacy providers of dicom-image-loader, Cornerstone's own are not registered.
    registerDefaultProviders();
    add();
  }
  return headerImageId;
}

/** Takes a header out of Cornerstone, and what it has made of it for some frames; default: for none. */
export function unregisterHeader(
  headerImageId: string,
  askedFrames: ReadonlySet<number> = new Set(),
): void {
  const frames = [...askedFrames].map((number) => frameHeaderImageId(headerImageId, number));
  for (const imageId of [headerImageId, ...frames]) {
    typedMetaData.clearQuery(MetadataModules.NATURALIZED, imageId);
  }
}

function frameHeaderImageId(headerImageId: string, frameNumber: number): string {
  return `${headerImageId}?frame=${frameNumber}`;
}

/** Adds the provider of prefetched headers, also after an application has removed all providers. */
export function provideHeaders(): void {
  metaData.addProvider(provide, PRIORITY);
}

/** Removes the provider. The headers are kept for the next {@link provideHeaders}. */
export function withdrawHeaders(): void {
  metaData.removeProvider(provide);
}

function provide(type: string, imageId: unknown): unknown {
  if (typeof imageId !== 'string' || NOT_ANSWERED.has(type)) {
    return undefined;
  }
  const file = findPart10File(imageId);
  const parsed = parsePart10ImageId(imageId);
  if (!file || !parsed) {
    return undefined;
  }
  file.askedFrames.add(parsed.frameNumber);
  return metaData.get(type, frameHeaderImageId(file.headerImageId, parsed.frameNumber)) as unknown;
}
