import type { EligibilityReason } from '../../src/index.js';

/** What a choice brings when it is opened. */
export interface OpenedChoice {
  readonly imageIds: string[];
  /** Why it is no volume; empty when it is one. */
  readonly reasons: readonly Pick<EligibilityReason, 'code' | 'message' | 'imageIds'>[];
  /** What makes the volume approximate, or only a part of its series; one sentence each. */
  readonly warnings: readonly string[];
}

/** An entry of the list on the left. */
export interface Choice {
  /** No two choices have the same. */
  readonly name: string;
  readonly patient: string;
  readonly study: string;
  readonly description: string;
  readonly modality: string;
  readonly imageCount: number;
  /** Whether it is known to be no volume. */
  readonly isRest: boolean;
  readonly open: () => Promise<OpenedChoice>;
}

/** A number with its noun. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
