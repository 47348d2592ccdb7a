/**
 * What the tests do in OHIF's page, by the names that OHIF puts on the window. The extension's page has
 * them as `ohifTest.tools`.
 */

/** The volumes in the cache that are made. */
function volumes() {
  const { StreamingImageVolume } = window.ohifTest.library;
  return window.cornerstone.cache
    .getVolumes()
    .filter((volume) => volume?.loadStatus)
    .map((volume) => ({
      volumeId: volume.volumeId,
      modality: volume.metadata.Modality,
      isOurs: volume instanceof StreamingImageVolume,
      isLoaded: volume.loadStatus.loaded === true,
      frames: volume.imageIds.length,
      framesLoaded: volume.framesLoaded,
      failed: volume.failedFrames?.length ?? 0,
      transport: volume.transport?.thread,
    }));
}

/** The voxels of a volume as base64, the type of their array, and the SOP Instance UIDs of the slices. */
async function voxels(volumeId) {
  const volume = window.cornerstone.cache.getVolume(volumeId);
  const values = volume.voxelManager.getCompleteScalarDataArray();
  const copy = new Uint8Array(values.byteLength);
  copy.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const reader = new FileReader();
  const read = new Promise((resolve) => {
    reader.addEventListener('load', resolve, { once: true });
  });
  reader.readAsDataURL(new Blob([copy]));
  await read;
  return {
    type: values.constructor.name,
    base64: reader.result.split(',')[1],
    sopUIDs: volume.imageIds.map((imageId) => /instances\/([^/]+)/.exec(imageId)[1]),
  };
}

/** Where a viewport lies on the page. */
function placeOf(viewportId) {
  const { element } = viewport(viewportId);
  const { x, y, width, height } = element.getBoundingClientRect();
  return { x, y, width, height };
}

/** Lets the mouse use a tool in a viewport; the first press in one that is not active only makes it so. */
function useTool(toolName, viewportId) {
  window.services.viewportGridService.setActiveViewportId(viewportId);
  const toolGroupIds = window.cornerstoneTools.ToolGroupManager.getAllToolGroups()
    .filter((group) => group.hasTool(toolName))
    .map(({ id }) => id);
  window.commandsManager.runCommand('setToolActiveToolbar', { toolName, toolGroupIds });
}

/** The statistics of the one ellipse that was drawn, of each volume that it lies on. */
function ellipse() {
  const drawn = window.cornerstoneTools.annotation.state
    .getAllAnnotations()
    .filter(({ metadata }) => metadata.toolName === 'EllipticalROI');
  const stats = drawn.flatMap(({ data }) => Object.values(data.cachedStats));
  return stats
    .filter(({ mean }) => mean !== undefined)
    .map(({ mean, stdDev, min, max, area, modalityUnit }) => ({
      mean,
      stdDev,
      min,
      max,
      area,
      modalityUnit,
    }))
    .sort((a, b) => a.modalityUnit.localeCompare(b.modalityUnit));
}

/** Makes a segment of a box of voxels of what a viewport shows, and computes its statistics. */
async function segment(viewportId, { slices, rows, columns }) {
  const { cornerstone, cornerstoneTools, commandsManager } = window;
  const segmentationId = await commandsManager.run('createLabelmapForViewport', { viewportId });
  const { representationData } =
    cornerstoneTools.segmentation.state.getSegmentation(segmentationId);
  const { imageIds, referencedImageIds } = representationData.Labelmap;
  imageIds.forEach((imageId, index) => {
    const instance = Number(/instances\/[^/]*\.(\d+)\//.exec(referencedImageIds[index])[1]);
    if (instance < slices[0] || instance > slices[1]) return;
    const { voxelManager } = cornerstone.cache.getImage(imageId);
    for (let row = rows[0]; row <= rows[1]; row++) {
      for (let column = columns[0]; column <= columns[1]; column++) {
        voxelManager.setAtIJK(column, row, 0, 1);
      }
    }
  });
  cornerstoneTools.segmentation.triggerSegmentationEvents.triggerSegmentationDataModified(
    segmentationId,
  );
  const statistics = await cornerstoneTools.utilities.segmentation.getStatistics({
    segmentationId,
    segmentIndices: [1],
    mode: 'individual',
  });
  return Object.fromEntries(
    Object.entries(statistics[1])
      .filter(([, found]) => typeof found?.value === 'number')
      .map(([name, { value, unit }]) => [name, { value, unit }]),
  );
}

/** What Cornerstone has queued and in flight, and what this package has on the page. */
function leftovers() {
  const { cache, imageLoadPoolManager } = window.cornerstone;
  const queued = Object.values(imageLoadPoolManager.getRequestPool())
    .flatMap((pool) => Object.values(pool))
    .flat().length;
  const inFlight = Object.values(imageLoadPoolManager.numRequests).reduce((a, b) => a + b, 0);
  return {
    queued,
    inFlight,
    volumes: cache.getVolumes().length,
    overlays: overlays().length,
    frameWorkers: window.ohifSpies.frameWorkers,
    isRegistered: window.ohifTest.library.isStreamingImageVolumeLoaderRegistered(),
  };
}

/** The texts that lie over viewports. */
function overlays() {
  return [...document.querySelectorAll('.streaming-image-volume-overlay')].map(({ innerText }) =>
    innerText.trim(),
  );
}

function viewport(viewportId) {
  return window.cornerstone
    .getRenderingEngines()
    .flatMap((engine) => engine.getViewports())
    .find(({ id }) => id === viewportId);
}

export const pageTools = {
  volumes,
  voxels,
  placeOf,
  useTool,
  ellipse,
  segment,
  leftovers,
  overlays,
};
