import type { FrameMetadata } from '../types.js';
import { checkOrientations } from './checkOrientations.js';
import { checkPositions } from './checkPositions.js';
import type { Eligibility } from './eligibilityReason.js';
import { DEFAULT_GEOMETRY_TOLERANCE, type GeometryTolerance } from './geometryTolerance.js';
import { checkUniformFields } from './uniformFields.js';

/**
 * Tells whether frames form a volume, and if not, every reason why.
 *
 * Reasons do not follow from one another: a frame that differs in a field, its orientation or its
 * size takes no part in the check of positions, and the gap that it leaves is no missing slice.
 *
 * @param frames - in any order; their numbers finite. Not changed
 * @param tolerance - replaces single limits of {@link DEFAULT_GEOMETRY_TOLERANCE}
 */
export function checkFrames(
  frames: readonly FrameMetadata[],
  tolerance: Partial<GeometryTolerance> = {},
): Eligibility {
  const limits = { ...DEFAULT_GEOMETRY_TOLERANCE, ...tolerance };
  if (frames.length < 2) {
    const message = `A volume needs at least 2 frames, got ${frames.length}.`;
    const imageIds = frames.map(({ imageId }) => imageId);
    return { eligible: false, reasons: [{ code: 'not-enough-frames', message, imageIds }] };
  }
  const { findings: orientations, orientation } = checkOrientations(frames, limits);
  const findings = [...checkUniformFields(frames, limits), ...orientations];
  if (orientation) {
    const excluded = new Set(findings.flatMap(({ frameIndices }) => frameIndices));
    findings.push(...checkPositions(frames, orientation, excluded, limits));
  }
  const reasons = findings.map(({ code, message, frameIndices }) => ({
    code,
    message,
    imageIds: [...frameIndices]
      .sort((a, b) => a - b)
      .flatMap((index) => frames[index]?.imageId ?? []),
  }));
  return { eligible: reasons.length === 0, reasons };
}
