import { countOf } from '../../base/eligibilityReason.js';
import type { EligibilityCode, Finding } from '../../base/eligibilityReason.js';
import type { FrameMetadata } from '../../base/types.js';
import type { GeometryTolerance } from '../geometryTolerance.js';
import { groupAlike, numericMajority } from '../statistics.js';
import { numberOfComponents } from '../voxelType.js';

interface UniformField {
  readonly code: EligibilityCode;
  readonly name: string;
  /** The whole field as a text, for messages. */
  readonly describe: (frame: FrameMetadata) => string;
  /** The part of the field that must not differ, where that is not all of it. */
  readonly essence?: (frame: FrameMetadata) => string;
  /** Whether a frame without the field has the value of the others. */
  readonly mayBeAbsent?: boolean;
}

const ABSENT = 'none';

const UNIFORM_FIELDS: readonly UniformField[] = [
  {
    // All images of a series have one frame of reference (PS3.3 C.7.4.1.1.1), also an image that does not state it.
    code: 'frame-of-reference',
    name: 'frame of reference',
    describe: (frame) => frame.frameOfReferenceUID ?? ABSENT,
    mayBeAbsent: true,
  },
  { code: 'series', name: 'series', describe: (frame) => frame.seriesInstanceUID ?? ABSENT },
  { code: 'modality', name: 'modality', describe: (frame) => frame.modality ?? ABSENT },
  {
    code: 'dimensions',
    name: 'size',
    describe: (frame) => `${frame.columns} x ${frame.rows} pixels`,
  },
  {
    code: 'pixel-format',
    name: 'pixel format',
    describe: describePixelFormat,
    essence: pixelKindOf,
  },
];

// Enough to see the mixture; a list of all values of a long series would not be read.
const VALUES_IN_A_MESSAGE = 3;

/**
 * Finds the fields that differ between frames: errors where they must not differ, warnings where they may. The frames
 * of the minority are concerned; of equally large groups the first given counts as the majority.
 */
export function checkUniformFields(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): Finding[] {
  const findings = UNIFORM_FIELDS.flatMap((field) => checkField(frames, field));
  const spacing = checkPixelSpacing(frames, tolerance);
  return spacing ? [...findings, spacing] : findings;
}

/** The fields in which the frames of a volume must agree exactly, for each frame as a text to compare. */
export function uniformFieldsOf(frames: readonly FrameMetadata[]): string[] {
  const keys = UNIFORM_FIELDS.map((field) => essencesOf(frames, field));
  return frames.map((_, index) => keys.map((ofField) => ofField[index]).join('|'));
}

/** The pixel format of a frame in words; equal texts mean equal formats. */
export function describePixelFormat(frame: FrameMetadata): string {
  const sign = frame.pixelRepresentation === 1 ? 'signed' : 'unsigned';
  return (
    `${frame.photometricInterpretation} with ${countOf(frame.samplesPerPixel, 'sample')} ` +
    `of ${frame.bitsStored} ${sign} bits in ${frame.bitsAllocated}`
  );
}

/** Whether two pixel spacings are the same within `slack` tolerances. */
export function isPixelSpacingClose(
  a: readonly number[],
  b: readonly number[],
  slack: number,
  { relativePixelSpacing }: GeometryTolerance,
): boolean {
  return a.every(
    (value, i) => Math.abs(value - (b[i] ?? NaN)) <= slack * relativePixelSpacing * value,
  );
}

function checkField(frames: readonly FrameMetadata[], field: UniformField): Finding[] {
  const essences = essencesOf(frames, field);
  const kinds = groupAlike([...frames.keys()], (a, b) => essences[a] === essences[b]);
  const [majority = []] = kinds;
  const texts = frames.map(field.describe);
  const variants = groupAlike(majority, (a, b) => texts[a] === texts[b]);
  const findings: Finding[] = [];
  if (kinds.length > 1) {
    findings.push({
      code: field.code,
      message: `The ${field.name} differs: ${listValues(kinds, texts)}.`,
      sourceIndices: kinds.slice(1).flat(),
    });
  }
  if (variants.length > 1) {
    const what = field.mayBeAbsent
      ? 'Frames without it are taken to have'
      : 'Each frame is read by';
    findings.push({
      code: field.code,
      severity: 'warning',
      message:
        `The ${field.name} differs: ${listValues(variants, texts)}. ` +
        `${what} ${field.mayBeAbsent ? "the others'" : 'its own'}.`,
      sourceIndices: variants.slice(1).flat(),
    });
  }
  return findings;
}

function listValues(groups: readonly (readonly number[])[], texts: readonly string[]): string {
  const parts = groups
    .slice(0, VALUES_IN_A_MESSAGE)
    .map((group) => `${texts[group[0] ?? 0]} in ${countOf(group.length, 'frame')}`);
  if (groups.length > parts.length) {
    parts.push(`and ${countOf(groups.length - parts.length, 'other value')}`);
  }
  return parts.join(', ');
}

/** The parts that must not differ; for an absent optional field, the only value in its series. */
function essencesOf(
  frames: readonly FrameMetadata[],
  { describe, essence = describe, mayBeAbsent }: UniformField,
): string[] {
  const own = frames.map(essence);
  if (!mayBeAbsent || !own.includes(ABSENT)) {
    return own;
  }
  const bySeries = new Map<string | undefined, Set<string>>();
  frames.forEach(({ seriesInstanceUID }, index) => {
    const values = bySeries.get(seriesInstanceUID) ?? new Set();
    bySeries.set(seriesInstanceUID, values.add(own[index] ?? ABSENT));
  });
  return frames.map(({ seriesInstanceUID }, index) => {
    const [a, b, ...others] = bySeries.get(seriesInstanceUID) ?? [];
    const only = a === ABSENT ? b : a;
    const isOnly = seriesInstanceUID !== undefined && others.length === 0 && only !== undefined;
    return own[index] === ABSENT && isOnly ? only : (own[index] ?? ABSENT);
  });
}

function checkPixelSpacing(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): Finding | undefined {
  const { reference, minority } = numericMajority(
    frames.map((frame) => frame.pixelSpacing),
    (a, b, slack) => isPixelSpacingClose(a, b, slack, tolerance),
  );
  const first = frames[minority[0] ?? -1];
  if (!first) {
    return undefined;
  }
  return {
    code: 'pixel-spacing',
    message:
      `The pixel spacing differs: ${reference.join(' x ')} mm in most frames, ` +
      `${first.pixelSpacing.join(' x ')} mm in the first of ${countOf(minority.length, 'other')}.`,
    sourceIndices: minority,
  };
}

/** Modalities whose values have units: HU (PS3.3 C.8.2.1), Bq/ml or SUV, Gy. */
const MODALITIES_IN_UNITS: ReadonlySet<string | undefined> = new Set(['CT', 'PT', 'RTDOSE']);

/**
 * The kind of pixels, of which a volume has one: colours, or grey values of one direction (Photometric
 * Interpretation, PS3.3 C.7.6.3.1.2). Bits and sign may differ: each frame is read by its own, and the voxel type
 * holds the values of all. The interpretation of values in units, which only says how they are drawn, and the
 * storage of colours may differ too.
 */
function pixelKindOf(frame: FrameMetadata): string {
  if (numberOfComponents(frame) > 1) {
    return 'colour';
  }
  return MODALITIES_IN_UNITS.has(frame.modality) ? 'MONOCHROME2' : frame.photometricInterpretation;
}
