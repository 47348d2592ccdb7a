import { Enums, metaData } from '@cornerstonejs/core';
import { findFrameHeader } from './frameHeader.js';
import type { HeaderItem } from './headerItem.js';
import { isHeaderImageId, registerHeader } from './part10/headerProvider.js';
import { lookUpVr } from './part10/toDicomJson.js';
import type { DicomJson } from './part10/toDicomJson.js';

/** Behind all other providers: what an application says of scaling goes before. */
const PRIORITY = -2000;

/**
 * Sees that Cornerstone's `scalingModule`, with the SUV factors of PET and the Dose Grid Scaling of a dose, is
 * answered for every header that is there. Cornerstone makes it of its own data sets alone, so that an image has
 * it or not depending on the scheme that it is loaded by.
 */
export function provideScaling(): void {
  metaData.addProvider(provide, PRIORITY);
}

/** What Cornerstone makes the module of (5.14: `scalingFromInstance.js` of `@cornerstonejs/metadata`). */
const TAGS: Readonly<Record<string, readonly string[]>> = {
  PT: [
    '00080021', // Series Date
    '00080022', // Acquisition Date
    '00080031', // Series Time
    '00080032', // Acquisition Time
    '00080060', // Modality
    '00100040', // Patient's Sex
    '00101020', // Patient's Size
    '00101030', // Patient's Weight
    '00280051', // Corrected Image
    '00541001', // Units
    '00541102', // Decay Correction
  ],
  RTDOSE: ['00080060', '30040002', '30040004', '3004000A', '3004000E'],
};

/** Of the Radiopharmaceutical Information Sequence: start times, dose and half-life. */
const ISOTOPE_SEQUENCE = '00540016';
const ISOTOPE_TAGS = ['00181072', '00181074', '00181075', '00181078'];

/** By the data set that it was made of. */
const modules = new WeakMap<object, { readonly module: unknown }>();

const SCALING: string = Enums.MetadataModules.SCALING;

function provide(type: string, imageId: unknown): unknown {
  if (type !== SCALING || typeof imageId !== 'string') {
    return undefined;
  }
  // Cornerstone has made nothing of these.
  const header = isHeaderImageId(imageId) ? undefined : findFrameHeader(imageId);
  const tags = header && TAGS[String(header.instance.values('00080060')?.[0])];
  if (!tags) {
    return undefined;
  }
  let made = modules.get(header.source);
  if (!made) {
    const headerImageId = registerHeader(scalingHeader(header.instance, tags));
    made = { module: metaData.get(type, headerImageId) as unknown };
    modules.set(header.source, made);
  }
  return made.module;
}

function scalingHeader(instance: HeaderItem, tags: readonly string[]): DicomJson {
  const [isotope] = instance.items(ISOTOPE_SEQUENCE);
  return {
    ...pick(instance, tags),
    ...(isotope && { [ISOTOPE_SEQUENCE]: { vr: 'SQ', Value: [pick(isotope, ISOTOPE_TAGS)] } }),
  };
}

function pick(item: HeaderItem, tags: readonly string[]): DicomJson {
  return Object.fromEntries(
    tags.flatMap((tag) => {
      const Value = item.values(tag);
      return Value ? [[tag, { vr: lookUpVr(tag) ?? 'UN', Value }]] : [];
    }),
  );
}
