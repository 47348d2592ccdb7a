/** Size and type of a texture as Cornerstone's mappers ask for it. */
export interface TextureParameters {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly numberOfComponents: number;
  /** Name of the typed array, such as `Int16Array`. */
  readonly dataType: string;
}

/** The fields of vtk.js's texture model that belong to one WebGL context. */
export interface GLState {
  context: WebGL2RenderingContext | null;
  handle: WebGLTexture | null;
  numberOfDimensions: number;
  target: number;
  format: number;
  internalFormat: number;
  openGLDataType: number;
  components: number;
  width: number;
  height: number;
  depth: number;
  volumeInfo:
    | {
        /** A value is what the texture has, times the scale, plus the offset; one of each per component. */
        scale: number[];
        offset: number[];
        dataComputedScale: number[];
        dataComputedOffset: number[];
      }
    | undefined;
  oglNorm16Ext: unknown;
  allocatedGPUMemoryInBytes: number;
  _forceInternalFormat: boolean;
  _prevTexParams: unknown;
}

/** A texture without storage. */
export const EMPTY_GL_STATE: Readonly<GLState> = {
  context: null,
  handle: null,
  numberOfDimensions: 0,
  target: 0,
  format: 0,
  internalFormat: 0,
  openGLDataType: 0,
  components: 0,
  width: 0,
  height: 0,
  depth: 0,
  volumeInfo: undefined,
  oglNorm16Ext: null,
  allocatedGPUMemoryInBytes: 0,
  _forceInternalFormat: false,
  _prevTexParams: null,
};

/** Takes the fields of {@link GLState} out of a model that has more. */
export function copyGLState(model: GLState): GLState {
  const fields = Object.keys(EMPTY_GL_STATE) as (keyof GLState)[];
  return Object.fromEntries(fields.map((field) => [field, model[field]])) as unknown as GLState;
}
