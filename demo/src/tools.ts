import {
  addTool,
  Enums,
  PanTool,
  StackScrollTool,
  synchronizers,
  ToolGroupManager,
  TrackballRotateTool,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';

const { Auxiliary, Primary, Secondary, Wheel } = Enums.MouseBindings;

/** The tools of the planes and of the 3D view, and one window for all planes. */
export class Tools {
  readonly #planes: NonNullable<ReturnType<typeof ToolGroupManager.createToolGroup>>;
  readonly #volume3D: NonNullable<ReturnType<typeof ToolGroupManager.createToolGroup>>;
  readonly #window = synchronizers.createVOISynchronizer('window', {
    syncInvertState: false,
    syncColormap: false,
  });

  /** To be created once, after the tools were initialised. */
  constructor() {
    [WindowLevelTool, PanTool, ZoomTool, StackScrollTool, TrackballRotateTool].forEach(addTool);
    this.#planes = createToolGroup('planes', [
      [WindowLevelTool.toolName, Primary],
      [PanTool.toolName, Auxiliary],
      [ZoomTool.toolName, Secondary],
      [StackScrollTool.toolName, Wheel],
    ]);
    this.#volume3D = createToolGroup('volume3d', [
      [TrackballRotateTool.toolName, Primary],
      [PanTool.toolName, Auxiliary],
      [ZoomTool.toolName, Secondary],
    ]);
  }

  /** Adds the tools of a plane to a viewport. */
  addPlane(viewportId: string, renderingEngineId: string): void {
    this.#planes.addViewport(viewportId, renderingEngineId);
  }

  /** Adds the tools of a 3D view to a viewport. */
  addVolume3D(viewportId: string, renderingEngineId: string): void {
    this.#volume3D.addViewport(viewportId, renderingEngineId);
  }

  /** Synchronises the window of a viewport with the others; to be called once it shows something. */
  shareWindow(viewportId: string, renderingEngineId: string): void {
    this.#window.add({ viewportId, renderingEngineId });
  }
}

function createToolGroup(
  id: string,
  tools: readonly (readonly [toolName: string, mouseButton: number])[],
): NonNullable<ReturnType<typeof ToolGroupManager.createToolGroup>> {
  const group = ToolGroupManager.createToolGroup(id);
  if (!group) {
    throw new Error(`There is a tool group ${id} already`);
  }
  for (const [toolName, mouseButton] of tools) {
    group.addTool(toolName);
    group.setToolActive(toolName, { bindings: [{ mouseButton }] });
  }
  return group;
}
