import type { EligibilityReason } from '../../src/index.js';

/** The images of a choice when it is opened. */
export interface OpenedChoice {
  readonly imageIds: string[];
  /** Why the images do not form a volume; empty when they do. */
  readonly reasons: readonly Pick<EligibilityReason, 'code' | 'message' | 'imageIds'>[];
  /** Why the volume is approximate, or only a part of its series; one sentence each. */
  readonly warnings: readonly string[];
  /** How many time points the images make; 1 for a volume of one. */
  readonly timePointCount: number;
}

/** An entry of the list on the left. */
export interface Choice {
  /** Unique among the choices. */
  readonly name: string;
  /** Whether it is of local files, which no address can name. */
  readonly isLocal: boolean;
  readonly patient: string;
  readonly study: string;
  readonly description: string;
  readonly modality: string;
  readonly imageCount: number;
  /** As far as it is known before the series is opened; 1 otherwise. */
  readonly timePointCount: number;
  /** Undefined where it is not known. */
  readonly frameOfReferenceUID: string | undefined;
  /** Whether it is known not to form a volume. */
  readonly isRest: boolean;
  readonly open: () => Promise<OpenedChoice>;
}

/** A number with its noun. */
export function countText(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
