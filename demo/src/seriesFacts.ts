/** What a DICOMweb service says about a series besides its name. */
export interface SeriesFacts {
  /** Of the coordinates; series that have the same one can be laid over each other. */
  readonly frameOfReferenceUID: string | undefined;
  /** Number of Temporal Positions; 1 where it is not stated. */
  readonly timePointCount: number;
}

const SERIES_INSTANCE_UID = '0020000E';
const FRAME_OF_REFERENCE_UID = '00200052';
const NUMBER_OF_TEMPORAL_POSITIONS = '00200105';

/**
 * Reads the facts of all series by one QIDO-RS request (PS3.18 10.6).
 *
 * @returns by Series Instance UID; empty where the service does not answer, as no service needs to know these
 *   attributes of a series
 */
export async function fetchSeriesFacts(wadoRsRoot: string): Promise<Map<string, SeriesFacts>> {
  const fields = [FRAME_OF_REFERENCE_UID, NUMBER_OF_TEMPORAL_POSITIONS];
  const query = fields.map((field) => `includefield=${field}`).join('&');
  try {
    const response = await fetch(`${wadoRsRoot}/series?${query}`, {
      headers: { Accept: 'application/dicom+json' },
    });
    return readSeriesFacts(response.ok ? await response.json() : []);
  } catch {
    // The facts are an extra: the list of series reports what is wrong with the service.
    return new Map();
  }
}

/** @param entries - a list of series in the DICOM JSON model (PS3.18 F.2) */
export function readSeriesFacts(entries: unknown): Map<string, SeriesFacts> {
  const facts = new Map<string, SeriesFacts>();
  for (const entry of Array.isArray(entries) ? (entries as DicomJson[]) : []) {
    const count = Number(entry[NUMBER_OF_TEMPORAL_POSITIONS]?.Value?.[0] ?? 1);
    const frameOfReference = entry[FRAME_OF_REFERENCE_UID]?.Value?.[0];
    facts.set(String(entry[SERIES_INSTANCE_UID]?.Value?.[0]), {
      frameOfReferenceUID: typeof frameOfReference === 'string' ? frameOfReference : undefined,
      timePointCount: Number.isInteger(count) && count > 1 ? count : 1,
    });
  }
  return facts;
}

type DicomJson = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;
