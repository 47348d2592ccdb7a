import vtkOpenGLRenderWindow from '@kitware/vtk.js/Rendering/OpenGL/RenderWindow.js';
import vtkRenderWindow from '@kitware/vtk.js/Rendering/Core/RenderWindow.js';
import type { VolumeArray } from '../../../src/base/types.js';
import type { StreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import type { TextureSource } from '../../../src/volume/texture/FrameUploader.js';
import type { RenderWindow } from '../../../src/volume/texture/RenderWindow.js';

/** A WebGL2 context in a window as Cornerstone makes them, with its calls counted. */
export interface TestWindow {
  readonly window: RenderWindow;
  readonly gl: WebGL2RenderingContext;
  /** Uploads so far, as `[first slice, number of slices]`. */
  readonly uploads: [number, number][];
  /** WebGL textures that were deleted. */
  readonly deleted: (WebGLTexture | null)[];
  /** Ends the window as a rendering engine does. */
  destroy(): void;
}

export function openTestWindow(): TestWindow {
  const renderWindow = vtkRenderWindow.newInstance();
  const openGLWindow = vtkOpenGLRenderWindow.newInstance();
  renderWindow.addView(openGLWindow);
  openGLWindow.setContainer(document.createElement('div'));
  openGLWindow.setSize(8, 8);
  openGLWindow.initialize();
  const window = openGLWindow as unknown as RenderWindow;
  const canvas = openGLWindow.getCanvas();
  const gl = canvas?.getContext('webgl2');
  if (!gl) {
    throw new Error('The browser has no WebGL2');
  }
  const uploads: [number, number][] = [];
  const texSubImage3D = gl.texSubImage3D as (...args: unknown[]) => void;
  gl.texSubImage3D = (...args: unknown[]) => {
    texSubImage3D.apply(gl, args);
    uploads.push([args[4] as number, args[7] as number]);
  };
  const deleted: (WebGLTexture | null)[] = [];
  const deleteTexture = gl.deleteTexture.bind(gl);
  gl.deleteTexture = (texture) => {
    deleteTexture(texture);
    if (texture) {
      deleted.push(texture);
    }
  };
  const destroy = () => {
    openGLWindow.setContainer(null);
    openGLWindow.delete();
    gl.getExtension('WEBGL_lose_context')?.loseContext();
  };
  return { window, gl, uploads, deleted, destroy };
}

/** A volume of `width x height x frameCount` voxels, all slices written unless told. */
export function createSource(
  values: VolumeArray,
  frameCount: number,
  { numberOfComponents = 1, written = new Array<boolean>(frameCount).fill(true) } = {},
): TextureSource {
  const valuesPerFrame = values.length / frameCount;
  return {
    frameCount,
    valuesPerFrame,
    numberOfComponents,
    frame: (index) => values.subarray(index * valuesPerFrame, (index + 1) * valuesPerFrame),
    isWritten: (index) => written[index] ?? false,
  };
}

/** Size and type of a texture for {@link draw}. */
export interface DrawnVolume {
  readonly dimensions: readonly [number, number, number];
  readonly dataType: string;
  readonly numberOfComponents?: number;
}

/** Does with the texture what Cornerstone's streaming mappers do in a render. */
export function draw(
  texture: StreamingTexture,
  { window }: TestWindow,
  { dimensions, dataType, numberOfComponents = 1 }: DrawnVolume,
): void {
  const [width, height, depth] = dimensions;
  texture.setOpenGLRenderWindow(window);
  texture.enableUseHalfFloat(false);
  const previous = texture.getTextureParameters();
  if (
    previous.dataType === dataType &&
    previous.width === width &&
    previous.height === height &&
    previous.depth === depth &&
    previous.numberOfComponents === numberOfComponents
  ) {
    texture.deactivate();
    texture.update3DFromRaw();
    return;
  }
  texture.resetFormatAndType();
  texture.setTextureParameters({ width, height, depth, numberOfComponents, dataType });
  texture.create3DFromRaw({
    width,
    height,
    depth,
    numComps: numberOfComponents,
    dataType: dataType as never,
    data: null,
  });
  texture.update3DFromRaw();
}

/** Reads a slice of the texture as it is stored: RGBA, 4 values a voxel. */
export function readSlice(
  texture: StreamingTexture,
  gl: WebGL2RenderingContext,
  frameIndex: number,
  [width, height]: readonly [number, number, number],
): number[] {
  const { handle, openGLDataType } = texture.get('handle', 'openGLDataType') as {
    handle: WebGLTexture;
    openGLDataType: number;
  };
  const isFloat = openGLDataType === gl.FLOAT;
  gl.getExtension('EXT_color_buffer_float');
  const framebuffer = gl.createFramebuffer();
  gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
  gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, handle, 0, frameIndex);
  const pixels = isFloat
    ? new Float32Array(width * height * 4)
    : new Uint8Array(width * height * 4);
  gl.readPixels(0, 0, width, height, gl.RGBA, isFloat ? gl.FLOAT : gl.UNSIGNED_BYTE, pixels);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  gl.deleteFramebuffer(framebuffer);
  return [...pixels];
}

/** The first component of each voxel, as the mappers understand it, but for the scale of its type. */
export function readRed(...args: Parameters<typeof readSlice>): number[] {
  const [texture] = args;
  const { volumeInfo } = texture.get('volumeInfo') as { volumeInfo: { offset: [number] } };
  const [offset] = volumeInfo.offset;
  return readSlice(...args)
    .filter((_, index) => index % 4 === 0)
    .map((value) => value + offset);
}

/** Size of the small volume that most specs of the texture draw. */
export const DIMENSIONS = [3, 2, 4] as const;
export const VOXELS_PER_FRAME = 6;
export const BYTES: DrawnVolume = { dimensions: DIMENSIONS, dataType: 'Uint8Array' };

/** Values of that volume, no two alike and none 0. */
export function createBytes(): Uint8Array {
  return Uint8Array.from({ length: VOXELS_PER_FRAME * 4 }, (_, index) => index + 1);
}

/** The values of one of its slices. */
export function sliceOf(values: Uint8Array, frame: number): number[] {
  return [...values.subarray(frame * VOXELS_PER_FRAME, (frame + 1) * VOXELS_PER_FRAME)];
}

/** How many slices were uploaded to a window. */
export function countSlices({ uploads }: TestWindow): number {
  return uploads.reduce((sum, [, frameCount]) => sum + frameCount, 0);
}
