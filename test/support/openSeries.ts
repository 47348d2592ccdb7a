import { wadors, wadouri } from '@cornerstonejs/dicom-image-loader';
import { prefetchMetadata } from '../../src/index.js';
import { encodePart10 } from './encodePart10.js';
import type { TestElement, TestSyntax } from './encodePart10.js';
import { karmaFixtures } from './karmaFixtures.js';

/** An image of one frame or more: its elements, and native pixels of each frame. */
export interface TestInstance {
  /** Without pixel data, in the order of their tags. */
  readonly elements: readonly TestElement[];
  readonly frames: readonly Uint8Array<ArrayBuffer>[];
}

/** Registers the headers of instances in Cornerstone; resolves with the imageIds of all frames. */
export type Opening = (
  instances: readonly TestInstance[],
  syntax?: TestSyntax,
) => Promise<string[]>;

/** Other files are encoded by the spec. */
export type FileOpening = (files: readonly OpenedFile[]) => Promise<string[]>;

export interface OpenedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly frameCount: number;
}

let openedCount = 0;

/** As DICOM JSON, with frames behind addresses like those of a DICOMweb server. */
export const overWadors: Opening = async (instances) => {
  openedCount += 1;
  return Promise.resolve(
    instances.flatMap(({ elements, frames }, number) => {
      const json = toJson(elements);
      const uid = (tag: string): string => {
        const value = json[tag]?.Value?.[0];
        return typeof value === 'string' ? value : `9.${openedCount}.${number}`;
      };
      const path = `/studies/${uid('0020000D')}/series/${uid('0020000E')}/instances/${uid('00080018')}`;
      const address = `wadors:${echoAddress(frames)}${path}/frames`;
      return frames.map((_, index) => {
        const imageId = `${address}/${index + 1}`;
        wadors.metaDataManager.add(imageId, json as never);
        return imageId;
      });
    }),
  );
};

/** From a server that answers with the n-th of these bodies. */
function echoAddress(bodies: readonly Uint8Array[]): string {
  const inPath = [new TextEncoder().encode('application/octet-stream'), ...bodies].map((bytes) =>
    btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, ''),
  );
  const [type, ...rest] = inPath;
  return `${String(karmaFixtures['echoOrigin'])}/${type}/${rest.join('.')}`;
}

/** Files behind addresses, whose headers are prefetched. */
export const filesOverWadouri: FileOpening = async (files) => {
  const imageIds = files.flatMap(({ bytes, frameCount }) =>
    framesOf(`wadouri:${URL.createObjectURL(new Blob([bytes]))}`, frameCount),
  );
  await prefetchMetadata(imageIds);
  return imageIds;
};

/** Files that the user has chosen, whose headers are prefetched. */
export const filesFromDisk: FileOpening = async (files) => {
  const imageIds = files.flatMap(({ bytes, frameCount }) =>
    framesOf(wadouri.fileManager.add(new File([bytes], 'image.dcm')), frameCount),
  );
  await prefetchMetadata(imageIds);
  return imageIds;
};

/** Files that dicom-image-loader has parsed; see `startDataSetCache`. */
export const filesOverDataSets: FileOpening = async (files) => {
  const urls = await Promise.all(
    files.map(async ({ bytes }) => {
      const url = `${URL.createObjectURL(new Blob([bytes]))}?of=data-set`;
      const request = (): Promise<ArrayBuffer> => Promise.resolve(bytes.slice().buffer);
      await wadouri.dataSetCacheManager.load(url, request, `wadouri:${url}`);
      return url;
    }),
  );
  return files.flatMap(({ frameCount }, index) =>
    framesOf(`wadouri:${urls[index]}`, frameCount, '&'),
  );
};

/** Encodes instances and opens them as files. */
export function encoded(open: FileOpening): Opening {
  return async (instances, syntax = 'explicit') =>
    open(
      await Promise.all(
        instances.map(async ({ elements, frames }) => ({
          bytes: await encodePart10(withPixels(elements, frames), syntax),
          frameCount: frames.length,
        })),
      ),
    );
}

export const OPENINGS: Readonly<Record<string, Opening>> = {
  wadors: overWadors,
  wadouri: encoded(filesOverWadouri),
  dicomfile: encoded(filesFromDisk),
};

function framesOf(base: string, frameCount: number, separator = '?'): string[] {
  return frameCount === 1
    ? [base]
    : Array.from({ length: frameCount }, (_, index) => `${base}${separator}frame=${index + 1}`);
}

function withPixels(
  elements: readonly TestElement[],
  frames: readonly Uint8Array[],
): TestElement[] {
  const pixels = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  return [...elements, { tag: 0x7fe00010, vr: 'OW', value: pixels }];
}

interface JsonElement {
  readonly vr: string;
  readonly Value?: readonly unknown[];
  readonly InlineBinary?: string;
}

/** In the DICOM JSON model of a DICOMweb server (PS3.18 F.2). */
export function toJson(elements: readonly TestElement[]): Record<string, JsonElement> {
  return Object.fromEntries(
    elements.map(({ tag, vr, value }) => [
      tag.toString(16).padStart(8, '0').toUpperCase(),
      jsonElement(vr, value),
    ]),
  );
}

function jsonElement(vr: string, value: TestElement['value']): JsonElement {
  if (typeof value === 'string') {
    const texts = value.split('\\');
    return { vr, Value: vr === 'DS' || vr === 'IS' ? texts.map(Number) : texts };
  }
  if (value instanceof Uint8Array) {
    return {
      vr,
      InlineBinary: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join('')),
    };
  }
  return vr === 'SQ'
    ? { vr, Value: (value as readonly (readonly TestElement[])[]).map(toJson) }
    : { vr, Value: value };
}
