import { countText } from './choice.js';
import type { Choice } from './choice.js';

/** Short names of modalities (PS3.3 C.7.3.1.1.1) whose own name is not what they are called. */
const KINDS: Readonly<Record<string, string>> = { PT: 'PET', RTDOSE: 'RT dose' };
const BADGES: Readonly<Record<string, string>> = { PT: 'PET', RTDOSE: 'RD' };

/** What kind of series it is, in one line: how many images or time points, and what they make. */
export function kindText(
  choice: Pick<Choice, 'modality' | 'imageCount' | 'isRest' | 'timePointCount'>,
): string {
  const { modality, imageCount, isRest, timePointCount } = choice;
  if (timePointCount > 1) {
    return `4D · ${countText(timePointCount, 'time point')}`;
  }
  const images = countText(imageCount, 'image');
  return [KINDS[modality], isRest ? `${images}, not a volume` : images].filter(Boolean).join(' · ');
}

/** The description with the kind before it, where the kind has a name. */
export function seriesName({ modality, description }: Choice): string {
  return [KINDS[modality] ?? modality, description].filter(Boolean).join(': ');
}

/** The modality in at most four letters. */
export function badgeText(modality: string): string {
  return BADGES[modality] ?? (modality.slice(0, 4) || 'OT');
}
