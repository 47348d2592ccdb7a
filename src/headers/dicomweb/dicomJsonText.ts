/** A data set in the DICOM JSON model (PS3.18 F.2), by tag. */
export type DicomJson = Readonly<
  Record<string, { readonly Value?: readonly unknown[] } | undefined>
>;

/** The first value of an attribute as text, empty where there is none. Of a name, its letters. */
export function dicomJsonText(dataSet: DicomJson, tag: string): string {
  const value = dataSet[tag]?.Value?.[0];
  if (typeof value === 'object' && value !== null) {
    const { Alphabetic } = value as { Alphabetic?: unknown };
    return typeof Alphabetic === 'string' ? Alphabetic : '';
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The first value of an attribute as a number, 0 where there is none. */
export function dicomJsonNumber(dataSet: DicomJson, tag: string): number {
  return Number(dicomJsonText(dataSet, tag)) || 0;
}
