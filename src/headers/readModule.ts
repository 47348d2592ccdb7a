import { metaData } from '@cornerstonejs/core';

/** What a provider of Cornerstone gives for one module; nothing is known of its values. */
export type MetadataModule = Readonly<Record<string, unknown>>;

/** One metadata module of an imageId, or undefined where no provider has it. */
export function readModule(type: string, imageId: string): MetadataModule | undefined {
  const module: unknown = metaData.get(type, imageId);
  return typeof module === 'object' && module !== null ? (module as MetadataModule) : undefined;
}
