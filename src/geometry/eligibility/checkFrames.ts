import { countOf } from '../../base/eligibilityReason.js';
import type { Eligibility, EligibilityReason, Finding } from '../../base/eligibilityReason.js';
import type { SplitValueReader } from '../../base/splitTag.js';
import type { FrameMetadata, UnappliedMap } from '../../base/types.js';
import { withoutQueries } from '../../base/withoutQueries.js';
import { completeTolerance, type ToleranceOptions } from '../geometryTolerance.js';
import { checkOrientations } from './checkOrientations.js';
import { checkPositions } from './checkPositions.js';
import { checkUniformFields } from './uniformFields.js';

/**
 * Tells whether frames form a volume, with every reason against it.
 *
 * Reasons are independent: a frame that differs in a field, its orientation or its size is left out of the check of
 * positions, and the gap that it leaves is no missing slice.
 *
 * @param frames - in any order; their numbers finite. Not changed
 * @param tolerance - replaces single limits of `DEFAULT_GEOMETRY_TOLERANCE`
 * @param read - reads the tags that may distinguish frames at one position
 */
export function checkFrames(
  frames: readonly FrameMetadata[],
  tolerance: ToleranceOptions = {},
  read: SplitValueReader = () => undefined,
): Eligibility {
  const limits = completeTolerance(tolerance);
  if (frames.length < 2) {
    const message = `A volume needs at least 2 frames, got ${frames.length}.`;
    const sourceIndices = [...frames.keys()];
    const ofOne = frames.length === 1 ? checkOrientations(frames, limits).findings : [];
    const findings: Finding[] = [
      { code: 'not-enough-frames', message, sourceIndices },
      ...ofOne,
      ...checkMaps(frames),
      ...checkPixels(frames),
      ...checkColors(frames),
    ];
    const reasons = findings.map((finding) => toReason(finding, frames));
    return { eligible: false, reasons, stack: undefined };
  }
  const { findings: orientations, orientation } = checkOrientations(frames, limits);
  const findings = [...checkUniformFields(frames, limits), ...orientations];
  const errors = findings.filter(({ severity }) => severity !== 'warning');
  const excluded = new Set(errors.flatMap(({ sourceIndices }) => sourceIndices));
  const positions = orientation && checkPositions(frames, orientation, excluded, limits, read);
  const ofPixels = [...checkMaps(frames), ...checkPixels(frames), ...checkColors(frames)];
  const reasons = [...findings, ...ofPixels, ...(positions?.findings ?? [])].map((finding) =>
    toReason(finding, frames),
  );
  return {
    eligible: reasons.every(({ severity }) => severity === 'warning'),
    reasons,
    stack: positions?.stack,
  };
}

function toReason(finding: Finding, frames: readonly FrameMetadata[]): EligibilityReason {
  const { code, severity = 'error', message, sourceIndices, splitBy, isWholeVolumes } = finding;
  const imageIds = [...sourceIndices]
    .sort((a, b) => a - b)
    .flatMap((index) => frames[index]?.imageId ?? []);
  return {
    code,
    severity,
    message: withoutQueries(message),
    imageIds,
    ...(splitBy && { splitBy }),
    ...(isWholeVolumes && { isWholeVolumes }),
  };
}

const WHY: Readonly<Record<UnappliedMap, string>> = {
  'modality-lut':
    'have their values in a Modality LUT Sequence that must not or cannot be applied: voxels would be stored values.',
  'real-world-value':
    'have a Real World Value Mapping and no rescale. The mapping is not applied: voxels would be stored values, ' +
    'and not the mapped ones.',
  'dose-grid-scaling':
    'have no Dose Grid Scaling (3004,000E) above 0, so that their values in Gy are unknown.',
};

/** Finds the frames with a map of stored values that is not applied. */
function checkMaps(frames: readonly FrameMetadata[]): Finding[] {
  return (Object.keys(WHY) as UnappliedMap[]).flatMap((code) => {
    const sourceIndices = frames.flatMap(({ unappliedMap }, index) =>
      unappliedMap === code ? [index] : [],
    );
    const message = `${countOf(sourceIndices.length, 'frame')} ${WHY[code]}`;
    return sourceIndices.length > 0 ? [{ code, message, sourceIndices }] : [];
  });
}

/** Finds the frames whose pixels cannot be read, one finding for each fault. */
function checkPixels(frames: readonly FrameMetadata[]): Finding[] {
  const faults = new Set(frames.flatMap(({ pixelFault }) => pixelFault ?? []));
  return [...faults].map((fault) => {
    const sourceIndices = frames.flatMap(({ pixelFault }, index) =>
      pixelFault === fault ? [index] : [],
    );
    const message = `${countOf(sourceIndices.length, 'frame')} cannot be read: ${fault}.`;
    return { code: 'unreadable-pixels', message, sourceIndices };
  });
}

/** Finds the frames whose colours are not read, by the reason, and those with colours for some grey values. */
function checkColors(frames: readonly FrameMetadata[]): Finding[] {
  const byFault = new Map<string, number[]>();
  const withPalette: number[] = [];
  frames.forEach(({ colorFault, hasSupplementalPalette }, index) => {
    if (colorFault !== undefined) {
      byFault.set(colorFault, [...(byFault.get(colorFault) ?? []), index]);
    }
    if (hasSupplementalPalette) {
      withPalette.push(index);
    }
  });
  const faults = [...byFault].map(([fault, sourceIndices]): Finding => {
    const message = `The colours of ${countOf(sourceIndices.length, 'frame')} cannot be read: ${fault}.`;
    return { code: 'color-format', message, sourceIndices };
  });
  if (withPalette.length === 0) {
    return faults;
  }
  const message =
    `${countOf(withPalette.length, 'frame')} have a supplemental palette, which is not applied: ` +
    'voxels are the grey values, also where the palette has a colour for them.';
  const severity = 'warning' as const;
  const code = 'supplemental-palette' as const;
  return [...faults, { code, severity, message, sourceIndices: withPalette }];
}
