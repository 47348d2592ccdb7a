import type { DicomJson } from '../part10/toDicomJson.js';

/** Descriptor and data of red, green and blue (PS3.3 C.7.9). */
const TABLES = [
  ['00281101', '00281201'],
  ['00281102', '00281202'],
  ['00281103', '00281203'],
] as const;

/**
 * Removes the byte that pads a table of an odd number of entries of 8 bits to an even length (PS3.5 7.1.1).
 *
 * Workaround: Cornerstone (@cornerstonejs/metadata, metadataProvider/pixelDataUpdate.js; 5.6.8 to 5.14) gives no image
 * pixel module of a header whose table has a byte more than entries: it throws. Remove when it ignores padding.
 *
 * @returns the header itself where nothing is removed
 */
export function trimPalettes(json: DicomJson): DicomJson {
  const trimmed = TABLES.flatMap(([descriptor, data]) => {
    const element = json[data];
    const bytes = element?.Value[0];
    const [count, , bitsPerEntry] = json[descriptor]?.Value ?? [];
    const isPadded = bytes instanceof ArrayBuffer && bytes.byteLength - 1 === count;
    return element && isPadded && bitsPerEntry === 8
      ? [[data, { ...element, Value: [bytes.slice(0, count)] }] as const]
      : [];
  });
  return trimmed.length > 0 ? { ...json, ...Object.fromEntries(trimmed) } : json;
}
