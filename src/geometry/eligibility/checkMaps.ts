import type { FrameMetadata, UnappliedMap } from '../../base/types.js';
import type { Finding } from './finding.js';
import { countOf } from '../wording.js';

const WHY: Readonly<Record<UnappliedMap, string>> = {
  'modality-lut':
    'have their values in a Modality LUT Sequence, which is not applied: voxels would be stored values.',
  'real-world-value':
    'have a Real World Value Mapping and no rescale. The mapping is not applied: voxels would be stored values, ' +
    'and not those that it gives.',
};

/** Finds the frames whose stored values mean something by a map that is not applied. */
export function checkMaps(frames: readonly FrameMetadata[]): Finding[] {
  return (Object.keys(WHY) as UnappliedMap[]).flatMap((code) => {
    const frameIndices = frames.flatMap(({ unappliedMap }, index) =>
      unappliedMap === code ? [index] : [],
    );
    const message = `${countOf(frameIndices.length, 'frame')} ${WHY[code]}`;
    return frameIndices.length > 0 ? [{ code, message, frameIndices }] : [];
  });
}
