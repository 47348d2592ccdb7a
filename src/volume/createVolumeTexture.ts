import { eventTarget, triggerEvent } from '@cornerstonejs/core';
import type { VolumeArray } from '../base/types.js';
import { VOLUME_TEXTURE_REDUCED } from '../base/volumeEvents.js';
import { sharedRenderScheduler } from './drawing/RenderScheduler.js';
import type { StreamingVolumeProps } from './StreamingVolumeProps.js';
import { createStreamingTexture } from './texture/createStreamingTexture.js';
import type { StreamingTexture } from './texture/createStreamingTexture.js';
import type { TextureSource } from './texture/FrameUploader.js';
import { StandIns } from './texture/StandIns.js';
import type { SliceFacts } from './texture/StandIns.js';

/** In Hounsfield units, where 0 is water: slices that are not loaded would look like tissue. */
const AIR = -1000;

/** What is drawn of a volume, or of one of its time points. */
type DrawnVolume = Pick<
  StreamingVolumeProps,
  'frames' | 'geometry' | 'isPreScaled' | 'store' | 'numberOfComponents' | 'trace' | 'standIns'
>;

/**
 * The most bytes of WebGL textures of one volume that are kept for time points that are not shown, in each
 * rendering engine's context. No browser tells how much memory a graphics card has; integrated ones share 1 GB and less.
 */
const KEPT_TEXTURE_BYTES = 256 * 1024 * 1024;
/** Of a texel of one component; textures of floats are the largest. */
const BYTES_PER_TEXEL = 4;

/**
 * Makes the texture of a volume; of every n-th voxel where the volume is larger than WebGL's largest texture. Where
 * the volume has time points, the textures of several are kept, as many as {@link KEPT_TEXTURE_BYTES} hold.
 *
 * @param source - what is shown first: from {@link textureSourceOf}
 * @param onUploadPending - called when the time budget is used up and slices remain to be uploaded
 */
export function createVolumeTexture(
  { volumeId, geometry: { dimensions }, uploadBudgetMs }: StreamingVolumeProps,
  source: TextureSource,
  onUploadPending: () => void,
): StreamingTexture {
  if (source.dimensions) {
    triggerEvent(eventTarget, VOLUME_TEXTURE_REDUCED, {
      volumeId,
      dimensions,
      textureDimensions: source.dimensions,
    });
  }
  const sizeInBytes = source.valuesPerFrame * source.frameCount * BYTES_PER_TEXEL;
  const texture = createStreamingTexture({
    source,
    keptSources: 1 + Math.floor(KEPT_TEXTURE_BYTES / sizeInBytes),
    uploadBudgetMs: () => sharedRenderScheduler().uploadBudgetMs(uploadBudgetMs),
    onUploadPending,
  });
  texture.setVolumeId(volumeId);
  return texture;
}

/**
 * The slices of a volume, or of one of its time points, for the texture.
 *
 * @param getFacts - about the slices of the volume, for stand-ins; called when the texture is drawn
 */
export function textureSourceOf(
  {
    frames,
    geometry,
    isPreScaled,
    store,
    numberOfComponents,
    trace,
    standIns: choice,
  }: DrawnVolume,
  getFacts: () => SliceFacts | undefined,
): TextureSource {
  const { dimensions } = geometry;
  const whole: TextureSource = {
    frameCount: store.frameCount,
    valuesPerFrame: store.valuesPerFrame,
    numberOfComponents,
    get dataType() {
      return store.dataType;
    },
    background: isPreScaled && frames[0]?.modality === 'CT' ? AIR : 0,
    frame: (sliceIndex) => store.frame(sliceIndex),
    isWritten: (sliceIndex) => store.isWritten(sliceIndex),
    ...(trace && {
      onUploaded: (sliceIndex: number, startedAt: number) => {
        trace.drawn(sliceIndex, startedAt);
      },
    }),
  };
  const steps = reductionSteps(dimensions, max3DTextureSize());
  const source = steps.every((step) => step === 1) ? whole : reduceSource(whole, dimensions, steps);
  return choice === 'none' ? source : withStandIns(source, getFacts);
}

/**
 * Lets slices of a source be drawn in place of those without pixels.
 *
 * @param getFacts - about the slices of the volume; undefined as long as nothing loads them
 */
export function withStandIns(
  source: TextureSource,
  getFacts: () => SliceFacts | undefined,
): TextureSource {
  const step = source.sliceStep ?? 1;
  const standIns = new StandIns(source.frameCount, {
    get version() {
      return getFacts()?.version ?? -1;
    },
    isToCome: (sliceIndex) => getFacts()?.isToCome(sliceIndex * step) === true,
    canLend: (sliceIndex) => getFacts()?.canLend(sliceIndex * step) === true,
  });
  // Changed in place: a copy would evaluate the getters once.
  return Object.assign(source, { standIns });
}

let known: number | undefined;

/**
 * The longest that a side of a 3D texture may be in this browser; Infinity where it has no WebGL2, so that
 * nothing is drawn with it. Read once.
 */
export function max3DTextureSize(): number {
  known ??= readLimit();
  return known;
}

function readLimit(): number {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) {
    return Infinity;
  }
  const limit = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number;
  // Workaround: browsers keep about 16 WebGL contexts, and lose the oldest for a new one, also where the new one
  // waits for its garbage collection. Remove when a context can be closed, or its limits read without one.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return limit;
}

/** `[columns, rows, slices]`. */
type Dimensions = readonly [number, number, number];

/**
 * The step along each axis from one voxel of the texture to the next, in voxels of the volume: 1 where the
 * texture holds all of them.
 *
 * @param limit - the longest that a side of a 3D texture may be
 */
export function reductionSteps(dimensions: Dimensions, limit: number): Dimensions {
  const [columns, rows, slices] = dimensions.map((size) => Math.max(1, Math.ceil(size / limit)));
  return [columns as number, rows as number, slices as number];
}

/**
 * A source with fewer voxels: every n-th column, row and slice of another, beginning with the
 * first.
 *
 * @param dimensions - of the other
 */
export function reduceSource(
  source: TextureSource,
  dimensions: Dimensions,
  steps: Dimensions,
): TextureSource & { readonly dimensions: Dimensions } {
  const [columns, rows, slices] = dimensions.map((size, axis) =>
    Math.ceil(size / (steps[axis] as number)),
  ) as [number, number, number];
  const { numberOfComponents } = source;
  const valuesPerFrame = columns * rows * numberOfComponents;
  const [columnStep, rowStep, sliceStep] = steps;
  return {
    ...source,
    // Live: a copy would keep the type of now.
    get dataType() {
      return source.dataType;
    },
    dimensions: [columns, rows, slices],
    frameCount: slices,
    sliceStep,
    valuesPerFrame,
    frame: (sliceIndex) => {
      const whole = source.frame(sliceIndex * sliceStep);
      const FrameArray = whole.constructor as new (length: number) => VolumeArray;
      const reduced = new FrameArray(valuesPerFrame);
      let place = 0;
      for (let row = 0; row < rows; row++) {
        const rowStart = row * rowStep * dimensions[0];
        for (let column = 0; column < columns; column++) {
          const voxel = (rowStart + column * columnStep) * numberOfComponents;
          for (let component = 0; component < numberOfComponents; component++) {
            reduced[place++] = whole[voxel + component] as number;
          }
        }
      }
      return reduced;
    },
    isWritten: (sliceIndex) => source.isWritten(sliceIndex * sliceStep),
    onUploaded: (sliceIndex, startedAt) => source.onUploaded?.(sliceIndex * sliceStep, startedAt),
    sliceOf: (sliceIndex) => (sliceIndex % sliceStep === 0 ? sliceIndex / sliceStep : undefined),
  };
}
