import type { DataSet } from 'dicom-parser';
import { StreamingVolumeError } from '../../base/errors.js';
import { lookUpVr } from '../../headers/part10/lookUpVr.js';
import type { Part10File } from '../../headers/part10/part10Files.js';
import { parsePart10ImageId } from '../../headers/part10/part10ImageId.js';
import type { Part10ImageId } from '../../headers/part10/part10ImageId.js';
import { readPart10File } from '../../headers/part10/readPart10File.js';
import { SharedRequests } from '../../base/SharedRequests.js';
import { fetchFile } from '../wadors/fetchFrame.js';

const downloads = new SharedRequests<DataSet>();

/**
 * The whole file of a frame, parsed. It is downloaded once, however many of its frames are asked for
 * while some are awaited.
 *
 * @throws StreamingVolumeError with code `frame-fetch` or `frame-body`, or `signal.reason`
 */
export async function openPart10File(
  imageId: string,
  file: Part10File,
  signal: AbortSignal | undefined,
): Promise<DataSet> {
  signal?.throwIfAborted();
  if (file.dataSet) {
    return file.dataSet;
  }
  const open = async (taskSignal: AbortSignal): Promise<DataSet> => {
    const bytes = file.bytes ?? (await readFile(imageId, file, taskSignal));
    const dataSet = await parse(bytes, imageId);
    if (file.awaited.size > 0) {
      file.dataSet = dataSet;
      // The data set holds them now.
      file.bytes = undefined;
    }
    return dataSet;
  };
  return downloads.get(file.headerImageId, open, signal);
}

async function readFile(
  imageId: string,
  { local }: Part10File,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return local
    ? new Uint8Array(await local.arrayBuffer())
    : fetchFile((parsePart10ImageId(imageId) as Part10ImageId).url, imageId, signal);
}

async function parse(bytes: Uint8Array<ArrayBuffer>, imageId: string): Promise<DataSet> {
  try {
    return await readPart10File(bytes, lookUpVr);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StreamingVolumeError(
      'frame-body',
      `A file is not the DICOM file that its header began: ${why} (${imageId})`,
      { imageIds: [imageId], cause },
    );
  }
}
