import type { FrameMetadata } from '../types.js';
import type { EligibilityCode } from './eligibilityReason.js';
import type { Finding } from './finding.js';
import type { GeometryTolerance } from './geometryTolerance.js';
import { groupAlike, numericMajority } from './majority.js';
import { countOf } from './wording.js';

interface UniformField {
  readonly code: EligibilityCode;
  readonly name: string;
  /** Tells all of the field: two frames are equal in it when their texts are. */
  readonly describe: (frame: FrameMetadata) => string;
}

const UNIFORM_FIELDS: readonly UniformField[] = [
  {
    code: 'frame-of-reference',
    name: 'frame of reference',
    describe: (frame) => frame.frameOfReferenceUID ?? 'none',
  },
  { code: 'series', name: 'series', describe: (frame) => frame.seriesInstanceUID ?? 'none' },
  { code: 'modality', name: 'modality', describe: (frame) => frame.modality ?? 'none' },
  {
    code: 'dimensions',
    name: 'size',
    describe: (frame) => `${frame.columns} x ${frame.rows} pixels`,
  },
  { code: 'pixel-format', name: 'pixel format', describe: describePixelFormat },
];

// Enough to see what is mixed; a list of every value of a long series would not be read.
const VALUES_IN_A_MESSAGE = 3;

/**
 * Finds the fields that differ between frames and may not. Of each, the frames of the minority are
 * the ones concerned; of equally large groups the first given counts as the majority.
 */
export function checkUniformFields(
  frames: readonly FrameMetadata[],
  tolerance: GeometryTolerance,
): Finding[] {
  const findings = UNIFORM_FIELDS.map((field) => checkField(frames, field));
  findings.push(checkPixelSpacing(frames, tolerance));
  return findings.filter((finding) => finding !== undefined);
}

/** The fields in which frames must agree exactly, as a text to compare. */
export function uniformFieldsOf(frame: FrameMetadata): string {
  return UNIFORM_FIELDS.map(({ describe }) => describe(frame)).join('|');
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

function checkField(frames: readonly FrameMetadata[], field: UniformField): Finding | undefined {
  const texts = frames.map(field.describe);
  const groups = groupAlike([...texts.keys()], (a, b) => texts[a] === texts[b]);
  if (groups.length < 2) {
    return undefined;
  }
  const parts = groups
    .slice(0, VALUES_IN_A_MESSAGE)
    .map((group) => `${texts[group[0] ?? 0]} in ${countOf(group.length, 'frame')}`);
  if (groups.length > parts.length) {
    parts.push(`and ${countOf(groups.length - parts.length, 'other value')}`);
  }
  return {
    code: field.code,
    message: `The ${field.name} differs: ${parts.join(', ')}.`,
    frameIndices: groups.slice(1).flat(),
  };
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
    frameIndices: minority,
  };
}

function describePixelFormat(frame: FrameMetadata): string {
  const sign = frame.pixelRepresentation === 1 ? 'signed' : 'unsigned';
  return (
    `${frame.photometricInterpretation} with ${countOf(frame.samplesPerPixel, 'sample')} ` +
    `of ${frame.bitsStored} ${sign} bits in ${frame.bitsAllocated}`
  );
}
