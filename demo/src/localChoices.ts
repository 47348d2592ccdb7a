import { metaData } from '@cornerstonejs/core';
import { wadouri } from '@cornerstonejs/dicom-image-loader';
import {
  groupImageIdsIntoVolumes,
  isStreamingVolumeError,
  prefetchMetadata,
} from '../../src/index.js';
import type { SplitBy, StreamingVolumeError, VolumeGroup, VolumeGroups } from '../../src/index.js';
import type { Choice, OpenedChoice } from './choice.js';
import { countTimePoints } from './describeImages.js';

let openings = 0;

/**
 * The series of local files: the volumes that they form, and the rest with reasons. Only the headers are read.
 *
 * @param onProgress - called with the number of files that have been read
 */
export async function localChoices(
  files: readonly File[],
  onProgress: (done: number, total: number) => void,
): Promise<Choice[]> {
  openings += 1;
  const fileIds = files.map((file) => wadouri.fileManager.add(file));
  const unreadable = await readHeaders(fileIds, onProgress);
  const failed = new Set(unreadable?.imageIds);
  const imageIds = fileIds.filter((fileId) => !failed.has(fileId)).flatMap(framesOf);
  const { volumes, rest } = groupImageIdsIntoVolumes(imageIds);
  const groups = [
    ...timeSeriesOf({ volumes, rest }),
    ...volumes.map((group) => ({ ...group, reasons: [], timePointCount: 1 })),
    ...rest.map((group) => ({ ...group, warnings: [], timePointCount: 1 })),
  ];
  const choices = groups.map((group, place) =>
    localChoice(group.imageIds, group.splitBy, place, {
      imageIds: [...group.imageIds],
      reasons: group.reasons,
      warnings: group.warnings.map(({ message }) => message),
      timePointCount: group.timePointCount,
    }),
  );
  return unreadable ? [...choices, unreadableChoice(unreadable, files, fileIds)] : choices;
}

/** The series whose volumes are its time points, each as a whole. */
function timeSeriesOf({ volumes, rest }: VolumeGroups): (Pick<
  VolumeGroup,
  'imageIds' | 'splitBy' | 'warnings'
> & {
  readonly reasons: [];
  readonly timePointCount: number;
})[] {
  const uids = new Set(volumes.map(({ seriesInstanceUID }) => seriesInstanceUID));
  return [...uids].flatMap((uid) => {
    const isOfSeries = (group: { seriesInstanceUID: string | undefined }): boolean =>
      group.seriesInstanceUID === uid;
    const ofSeries = volumes.filter(isOfSeries);
    const timePointCount = countTimePoints({ volumes: ofSeries, rest: rest.filter(isOfSeries) });
    const imageIds = ofSeries.flatMap((group) => group.imageIds);
    return timePointCount > 1
      ? [{ imageIds, splitBy: [], warnings: [], reasons: [], timePointCount }]
      : [];
  });
}

/** @returns what went wrong, where headers could not be read */
async function readHeaders(
  imageIds: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<StreamingVolumeError | undefined> {
  try {
    await prefetchMetadata(imageIds, {
      onProgress: ({ done, total }) => {
        onProgress(done, total);
      },
    });
    return undefined;
  } catch (error) {
    if (isStreamingVolumeError(error, 'metadata-fetch')) {
      return error;
    }
    throw error;
  }
}

function framesOf(fileId: string): string[] {
  const { NumberOfFrames = 1 } = (metaData.get('instance', fileId) ?? {}) as {
    NumberOfFrames?: number;
  };
  return NumberOfFrames > 1
    ? Array.from({ length: NumberOfFrames }, (_, index) => `${fileId}?frame=${index + 1}`)
    : [fileId];
}

function localChoice(
  imageIds: readonly string[],
  splitBy: readonly SplitBy[],
  place: number,
  opened: OpenedChoice,
): Choice {
  const [first = ''] = imageIds;
  const series = readModule('generalSeriesModule', first);
  const what = splitBy.map(({ tag, value }) => `${tag} ${String(value)}`).join(', ');
  const description = text(series['seriesDescription']) || `Series ${text(series['seriesNumber'])}`;
  return {
    name: `local/${openings}/${place}`,
    isLocal: true,
    patient: 'Local files',
    study: text(readModule('generalStudyModule', first)['studyDescription']),
    description: [what, description.trim()].filter(Boolean).join(': '),
    modality: text(series['modality']),
    imageCount: imageIds.length,
    timePointCount: opened.timePointCount,
    frameOfReferenceUID:
      text(readModule('imagePlaneModule', first)['frameOfReferenceUID']) || undefined,
    isRest: opened.reasons.length > 0,
    open: () => Promise.resolve(opened),
  };
}

function unreadableChoice(
  { errors }: StreamingVolumeError,
  files: readonly File[],
  fileIds: readonly string[],
): Choice {
  const nameOf = (imageId: string | undefined): string =>
    files[fileIds.indexOf(imageId ?? '')]?.name ?? '';
  const reasons = errors.map(({ code, message, imageIds }) => ({
    code: code as OpenedChoice['reasons'][number]['code'],
    message: `${nameOf(imageIds[0])}: ${message}`,
    imageIds,
  }));
  return {
    name: `local/${openings}/unreadable`,
    isLocal: true,
    patient: 'Local files',
    study: '',
    description: 'Not readable as DICOM images',
    modality: '',
    imageCount: reasons.length,
    timePointCount: 1,
    frameOfReferenceUID: undefined,
    isRest: true,
    open: () => Promise.resolve({ imageIds: [], reasons, warnings: [], timePointCount: 1 }),
  };
}

function readModule(name: string, imageId: string): Readonly<Record<string, unknown>> {
  return (metaData.get(name, imageId) ?? {}) as Record<string, unknown>;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
