import {
  cache,
  Enums,
  getConfiguration,
  ImageVolume,
  init,
  RenderingEngine,
  setConfiguration,
  type Types,
  utilities,
  volumeLoader,
} from '@cornerstonejs/core';
import { createStreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import type { StreamingTexture } from '../../../src/volume/texture/createStreamingTexture.js';
import { createSource } from './testWindow.js';

const SCHEME = 'streamingTextureTest';
const SIZE = 16;
const FRAMES = 9;
const VOXELS_PER_FRAME = SIZE * SIZE;
/** The slice that a viewport opens at, and its neighbours, which interpolation blends in. */
const MIDDLE = [3, 6] as const;

interface DrawnVolume {
  readonly volumeId: string;
  readonly texture: StreamingTexture;
  readonly onUploadPending: jasmine.Spy;
  /** Writes slices, all voxels with one value. */
  write(firstFrame: number, endFrame: number, value: number): void;
}

let numberOfVolumes = 0;

/** A volume in Cornerstone's cache, without a written slice, that draws with our texture. */
async function createVolume(msPerReading = 0): Promise<DrawnVolume> {
  const volumeId = `${SCHEME}:${numberOfVolumes++}`;
  const scalarData = new Uint8Array(VOXELS_PER_FRAME * FRAMES);
  const written = new Array<boolean>(FRAMES).fill(false);
  const dimensions: Types.Point3 = [SIZE, SIZE, FRAMES];
  const volume = new ImageVolume({
    volumeId,
    metadata: {
      FrameOfReferenceUID: '1.2.3',
      Modality: 'MR',
      voiLut: [{ windowWidth: 256, windowCenter: 128 }],
    } as unknown as Types.Metadata,
    dimensions,
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    dataType: 'Uint8Array',
    imageIds: [],
    voxelManager: utilities.VoxelManager.createScalarVolumeVoxelManager({ dimensions, scalarData }),
  } as unknown as Types.ImageVolumeProps);
  let time = 0;
  const onUploadPending = jasmine.createSpy('onUploadPending');
  const texture = createStreamingTexture({
    source: createSource(scalarData, FRAMES, { written }),
    onUploadPending,
    now: () => (time += msPerReading),
  });
  volume.vtkOpenGLTexture = texture;
  await cache.putVolumeLoadObject(volumeId, { promise: Promise.resolve(volume) });
  const write = (firstFrame: number, endFrame: number, value: number) => {
    scalarData.fill(value, firstFrame * VOXELS_PER_FRAME, endFrame * VOXELS_PER_FRAME);
    for (let frame = firstFrame; frame < endFrame; frame++) {
      written[frame] = true;
      texture.setUpdatedFrame(frame);
    }
  };
  return { volumeId, texture, onUploadPending, write };
}

/** A rendering engine of its own, hence a WebGL context of its own, with one axial viewport. */
class AxialEngine {
  static count = 0;
  readonly #element = document.createElement('div');
  readonly #engine = new RenderingEngine(`engine-${AxialEngine.count++}`);
  readonly #viewport: Types.IVolumeViewport;

  constructor() {
    Object.assign(this.#element.style, { width: '64px', height: '64px' });
    document.body.append(this.#element);
    const viewportId = 'axial';
    this.#engine.enableElement({
      viewportId,
      element: this.#element,
      type: Enums.ViewportType.ORTHOGRAPHIC,
      defaultOptions: { orientation: Enums.OrientationAxis.AXIAL },
    });
    this.#viewport = this.#engine.getViewport<Types.IVolumeViewport>(viewportId);
  }

  async show(volumeId: string): Promise<void> {
    await this.#viewport.setVolumes([{ volumeId }]);
    this.#viewport.setProperties({ voiRange: { lower: 0, upper: 255 } });
    await this.render();
  }

  async render(): Promise<void> {
    const rendered = new Promise<void>((resolve) => {
      this.#element.addEventListener(Enums.Events.IMAGE_RENDERED, () => resolve(), { once: true });
    });
    this.#viewport.render();
    await rendered;
  }

  /** The grey value in the middle of the viewport, from 0 to 255. */
  readGrey(): number {
    const { canvas } = this.#viewport;
    const pixels = canvas.getContext('2d')?.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
    return pixels?.data[0] ?? NaN;
  }

  destroy(): void {
    this.#engine.destroy();
    this.#element.remove();
  }
}

describe('A streaming texture, drawn by Cornerstone', () => {
  const engines: AxialEngine[] = [];

  function createEngine(): AxialEngine {
    const engine = new AxialEngine();
    engines.push(engine);
    return engine;
  }

  let configuration: ReturnType<typeof getConfiguration>;

  beforeAll(() => {
    init();
    configuration = getConfiguration();
    // Browsers keep 16 contexts and take away the oldest.
    const rendering = { ...configuration.rendering, webGlContextCount: 1 };
    setConfiguration({ ...configuration, rendering });
    volumeLoader.registerVolumeLoader(SCHEME, () => {
      throw new Error('The volumes of these specs are put into the cache');
    });
  });

  afterAll(() => {
    setConfiguration(configuration);
  });

  afterEach(() => {
    engines.splice(0).forEach((engine) => engine.destroy());
    cache.purgeCache();
  });

  it('shows slices as soon as they are written', async () => {
    const { volumeId, texture, write } = await createVolume();
    const engine = createEngine();
    await engine.show(volumeId);
    expect(engine.readGrey()).toBe(0);
    write(...MIDDLE, 128);
    await engine.render();
    expect(engine.readGrey()).toBe(128);
    expect(texture.hasUpdatedFrames()).toBeFalse();
    write(...MIDDLE, 200);
    await engine.render();
    expect(engine.readGrey()).toBe(200);
  });

  it('goes on with the upload at each render that it asks for', async () => {
    const { volumeId, texture, onUploadPending, write } = await createVolume(6);
    const engine = createEngine();
    await engine.show(volumeId);
    write(0, FRAMES, 100);
    let renders = 0;
    do {
      onUploadPending.calls.reset();
      await engine.render();
      renders += 1;
    } while (onUploadPending.calls.any());
    expect(renders).toBe(FRAMES);
    expect(texture.hasUpdatedFrames()).toBeFalse();
    expect(engine.readGrey()).toBe(100);
  });

  it('shows a loaded volume in a second engine, and both follow it', async () => {
    const { volumeId, write } = await createVolume();
    const [first, second] = [createEngine(), createEngine()];
    await first.show(volumeId);
    write(...MIDDLE, 60);
    await first.render();
    await second.show(volumeId);
    expect(second.readGrey()).toBe(60);
    write(...MIDDLE, 220);
    await second.render();
    await first.render();
    expect(first.readGrey()).toBe(220);
    expect(second.readGrey()).toBe(220);
    await second.render();
    expect(second.readGrey()).toBe(220);
    await first.render();
    expect(first.readGrey()).toBe(220);
  });

  it('shows the volume in an engine that replaces a destroyed one', async () => {
    const { volumeId, texture, write } = await createVolume();
    write(...MIDDLE, 90);
    const first = new AxialEngine();
    await first.show(volumeId);
    first.destroy();
    expect(texture.getTextureParameters()).toEqual({});
    const second = createEngine();
    await second.show(volumeId);
    expect(second.readGrey()).toBe(90);
  });

  it('draws again after its WebGL textures were released', async () => {
    const { volumeId, texture, write } = await createVolume();
    write(...MIDDLE, 150);
    const engine = createEngine();
    await engine.show(volumeId);
    texture.releaseGraphicsResources();
    await engine.render();
    expect(engine.readGrey()).toBe(150);
  });
});
