import { Enums, metaData } from '@cornerstonejs/core';
import type { RetrieveStage } from './RetrievePlan.js';

/** What Cornerstone's `imageRetrieveConfiguration` says of a volume. */
export interface RetrieveConfiguration {
  readonly stages: readonly RetrieveStage[] | undefined;
  /** By `retrieveType`; those of `default` apply to types without an entry. */
  readonly retrieveOptions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Reads how a volume is to be retrieved: under its volumeId, the transfer syntax of its first frame or
 * the word `volume`, where Cornerstone's own loader looks too.
 */
export function readRetrieveConfiguration(
  volumeId: string,
  imageId: string | undefined,
): RetrieveConfiguration | undefined {
  const { transferSyntaxUID } = (metaData.get(
    Enums.MetadataModules.TRANSFER_SYNTAX,
    imageId ?? '',
  ) ?? {}) as { transferSyntaxUID?: string };
  // One by one: Cornerstone hands no more than two of several queries on to its providers.
  for (const query of [volumeId, transferSyntaxUID, 'volume']) {
    const configuration = query && metaData.get('imageRetrieveConfiguration', query);
    if (configuration) {
      const { stages, retrieveOptions = {} } = configuration as Partial<RetrieveConfiguration>;
      return { stages, retrieveOptions };
    }
  }
  return undefined;
}
