import { cache } from '@cornerstonejs/core';
import type { FrameDecoder, StreamingImageVolume, StreamingVolumeError } from '../../src/index.js';
import { newVolumeId, startCornerstone, stopCornerstone } from '../support/cornerstone.js';
import { createVolume } from '../support/createVolume.js';
import { errorOf } from '../support/errorOf.js';
import { HOOK_SETS, setHooks } from '../support/hookSets.js';
import { karmaFixtures } from '../support/karmaFixtures.js';
import { errorOfCell, supportedDataCells } from '../support/supportedData/cells.mjs';
import { SCHEMES } from '../support/supportedData/syntaxes.mjs';
import type { Cell, Kind, Refusal, Syntax } from '../support/supportedData/cells.mjs';
import { COLOUR_KINDS } from '../support/supportedData/colourKinds.js';
import { GREY_KINDS } from '../support/supportedData/greyKinds.js';
import { MODALITY_KINDS } from '../support/supportedData/modalityKinds.js';
import { encodeSeries, openSeries } from '../support/supportedData/openKind.js';
import type { EncodedSeries } from '../support/supportedData/openKind.js';
import { SHAPE_KINDS } from '../support/supportedData/shapeKinds.js';
import type { KindSeries, SeriesWriter } from '../support/supportedData/writeSeries.js';

const WRITERS: Readonly<Record<string, SeriesWriter>> = {
  ...GREY_KINDS,
  ...MODALITY_KINDS,
  ...COLOUR_KINDS,
  ...SHAPE_KINDS,
};

interface WrittenSeries {
  readonly series: KindSeries;
  readonly encoded: EncodedSeries;
}

/** One series for all schemes, by kind and transfer syntax. */
const written = new Map<string, Promise<WrittenSeries>>();

async function writeSeries({ id }: Kind, syntax: Syntax): Promise<WrittenSeries> {
  const key = `${id} ${syntax.id}`;
  const known = written.get(key);
  if (known) {
    return known;
  }
  const write = async (): Promise<WrittenSeries> => {
    const writer = WRITERS[id];
    if (!writer) {
      throw new Error(`No function writes a series of the kind ${id}`);
    }
    const series = writer(syntax);
    return { series, encoded: await encodeSeries(series.instances, syntax) };
  };
  const writing = write();
  written.set(key, writing);
  return writing;
}

/**
 * Without isolation, the earlier version of Cornerstone is tried with one transfer syntax for each kind: the whole list
 * is tried on it with isolation, and without isolation on the current version.
 */
const IS_SHORT = isOlder('5.14') && !globalThis.crossOriginIsolated;

function isUsual({ kind, syntax }: Cell): boolean {
  return syntax.id === (kind.syntaxes.includes('explicit') ? 'explicit' : kind.syntaxes[0]);
}

const NEEDS_PAGE = HOOK_SETS.find(({ name }) => name === 'a look at the upload')?.hooks ?? {};

for (const scheme of SCHEMES) {
  describe('Supported data:', () => {
    let takeHooksBack: () => void;

    beforeAll(() => {
      takeHooksBack = setHooks(scheme.id === 'wadors-hooks' ? NEEDS_PAGE : {});
      startCornerstone(scheme.id === 'wadors-page' ? { frameWorkers: 0 } : {});
    });

    afterEach(() => {
      cache.purgeCache();
    });

    afterAll(() => {
      stopCornerstone();
      takeHooksBack();
    });

    const cells = supportedDataCells().filter((each) => each.scheme === scheme);
    for (const cell of IS_SHORT ? cells.filter(isUsual) : cells) {
      it(`${cell.kind.id} in ${cell.syntax.id} over ${scheme.id}`, async () => {
        await checkCell(cell);
      });
    }
  });
}

async function checkCell(cell: Cell): Promise<void> {
  const { kind, syntax, scheme } = cell;
  const { series, encoded } = await writeSeries(kind, syntax);
  const imageIds = openSeries(scheme.id, encoded, series.changed);
  const refusal = refusalNow(cell);
  if (refusal?.when === 'creation') {
    expectRefusal(await errorOf(create(imageIds, series)), refusal);
    return;
  }
  const volume = await create(imageIds, series);
  const { failed } = await volume.load();
  const codes = failed.map(({ error }) => error.code);
  if (refusal) {
    expect<readonly string[]>(codes).toEqual(imageIds.map(() => refusal.code));
    return;
  }
  expect(failed.map(({ error }) => error.message)).toEqual([]);
  expect(firstWrong(volume, series, cell)).toBe('none');
  expect(volume.dataType as string | undefined).toBe(kind.voxels);
  expect(volume.voxelManager?.numberOfComponents).toBe(kind.components ?? 1);
  expect(volume.transport?.thread).toBe(scheme.id === 'wadors-workers' ? 'worker' : 'main thread');
  // A volume with time points says it of the current one only.
  if (series.timePoints === undefined) {
    expect(volume.transport?.decoder?.thread).toBe(decoderOf(cell));
  }
  series.check?.(volume);
}

/** What decodes the frames of a cell; undefined for those that are not compressed, and for RLE that only the page reads. */
function decoderOf({ kind, syntax, scheme }: Cell): FrameDecoder['thread'] | undefined {
  const isNative = syntax.form === 'native' || NATIVE_IN_FRAGMENTS.has(syntax.id);
  if (
    isNative ||
    (syntax.id === 'rle' && kind.id === 'unsigned32' && scheme.id !== 'wadors-workers')
  ) {
    return undefined;
  }
  // Frame workers have no decoder for grey values in extended JPEG, and tables need stored values.
  const isLeft = (syntax.id === 'jpegExtended' && !kind.components) || kind.id === 'modalityLut';
  return isLeft || scheme.id === 'wadors-page' ? 'dicom-image-loader' : 'frame worker';
}

const NATIVE_IN_FRAGMENTS: ReadonlySet<string> = new Set(['encapsulated', 'deflatedFrames']);

/** A version of dicom-image-loader without the decoder refuses each frame that frame workers do not decode. */
function refusalNow({ refusal, syntax, scheme }: Cell): Refusal | undefined {
  return !refusal &&
    scheme.id === 'wadors-page' &&
    syntax.since !== undefined &&
    isOlder(syntax.since)
    ? { code: 'frame-decode', when: 'load', why: 'there is no decoder' }
    : refusal;
}

function isOlder(version: string): boolean {
  const [wanted, found] = [version, karmaFixtures['coreVersion']].map((each) =>
    each.split('.').map(Number),
  );
  const [major = 0, minor = 0] = found ?? [];
  const [wantedMajor = 0, wantedMinor = 0] = wanted ?? [];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

async function create(
  imageIds: string[],
  { options = {}, timePoints }: KindSeries,
): Promise<StreamingImageVolume> {
  const scheme = timePoints === undefined ? '' : 'cornerstoneStreamingDynamicImageVolume:';
  return createVolume(imageIds, {
    retries: 0,
    ...options,
    ...(timePoints === undefined ? {} : { volumeId: newVolumeId().replace(/^[^:]*:/, scheme) }),
  });
}

function expectRefusal(error: StreamingVolumeError, { code, reason }: Refusal): void {
  expect(error.code as string).toBe(code);
  if (reason !== undefined) {
    expect(error.reasons.map((each) => each.code as string)).toContain(reason);
  }
}

/** The arrays of a volume: one for each time point. */
function arraysOf(
  volume: StreamingImageVolume,
  timePoints: number | undefined,
): ArrayLike<number>[] {
  if (timePoints === undefined) {
    return [volume.getScalarData()];
  }
  const { voxelManager } = volume as unknown as {
    readonly voxelManager: {
      readonly getDimensionGroupScalarData: (dimensionGroupNumber: number) => ArrayLike<number>;
    };
  };
  return Array.from({ length: timePoints }, (_, i) =>
    voxelManager.getDimensionGroupScalarData(i + 1),
  );
}

/** The first voxel that differs by more than the error of the cell; `none` when all are right. */
function firstWrong(
  volume: StreamingImageVolume,
  { voxels, timePoints, relativeError = 0 }: KindSeries,
  cell: Cell,
): string {
  const expected = voxels.flat();
  const found = arraysOf(volume, timePoints).flatMap((each) => Array.from(each));
  if (found.length !== expected.length) {
    return `${found.length} voxels instead of ${expected.length}`;
  }
  const isRight = (value: number, i: number): boolean => {
    const allowed = errorOfCell(cell) + relativeError * Math.abs(value);
    return Math.abs((found[i] as number) - value) <= allowed;
  };
  const at = expected.findIndex((value, i) => !isRight(value, i));
  return at < 0 ? 'none' : `voxel ${at}: ${found[at]} instead of ${expected[at]}`;
}
