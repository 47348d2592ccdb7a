import { utilities } from '@cornerstonejs/metadata';

/** The VR of a tag (`00280010`) in the data dictionary that Cornerstone reads metadata with. */
export function lookUpVr(tag: string): string | undefined {
  return (utilities.Tags.dictionaryLookup(tag) as { vr?: string } | undefined)?.vr;
}
