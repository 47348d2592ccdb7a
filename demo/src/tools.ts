import {
  addTool,
  BrushTool,
  EllipticalROITool,
  Enums,
  LengthTool,
  PanTool,
  StackScrollTool,
  synchronizers,
  ToolGroupManager,
  TrackballRotateTool,
  WindowLevelTool,
  ZoomTool,
} from '@cornerstonejs/tools';

const { Auxiliary, Primary, Secondary, Wheel } = Enums.MouseBindings;

/** What the left mouse button, or one finger, does in the planes. */
export type PrimaryTool = 'window' | 'slices' | 'length' | 'ellipse' | 'brush' | 'eraser';

const ERASER = 'Eraser';

const TOOL_NAMES: Readonly<Record<PrimaryTool, string>> = {
  window: WindowLevelTool.toolName,
  slices: StackScrollTool.toolName,
  length: LengthTool.toolName,
  ellipse: EllipticalROITool.toolName,
  brush: BrushTool.toolName,
  eraser: ERASER,
};

/** Radius of the brush in mm. */
const BRUSH_RADIUS = 12;

/** The tools of the planes and of the 3D view, and one window for all planes. */
export class Tools {
  readonly #planes: ToolGroup;
  readonly #volume3D: ToolGroup;
  readonly #window = synchronizers.createVOISynchronizer('window', {
    syncInvertState: false,
    syncColormap: false,
  });
  #primary: PrimaryTool = 'window';

  /** To be created once, after the tools were initialised. */
  constructor() {
    [
      WindowLevelTool,
      PanTool,
      ZoomTool,
      StackScrollTool,
      TrackballRotateTool,
      LengthTool,
      EllipticalROITool,
      BrushTool,
    ].forEach(addTool);
    this.#planes = createToolGroup('planes', [
      [WindowLevelTool.toolName, { mouseButton: Primary }],
      ...MOVING,
      [StackScrollTool.toolName, { mouseButton: Wheel }],
    ]);
    [LengthTool.toolName, EllipticalROITool.toolName].forEach((name) => {
      this.#planes.addTool(name);
    });
    this.#planes.addTool(BrushTool.toolName, { brushSize: BRUSH_RADIUS });
    this.#planes.addToolInstance(ERASER, BrushTool.toolName, {
      activeStrategy: 'ERASE_INSIDE_CIRCLE',
      brushSize: BRUSH_RADIUS,
    });
    this.#volume3D = createToolGroup('volume3d', [
      [TrackballRotateTool.toolName, { mouseButton: Primary }],
      ...MOVING,
    ]);
  }

  /** The tool of the left mouse button. */
  get primary(): PrimaryTool {
    return this.#primary;
  }

  /** Gives the left mouse button to a tool; measurements of the one before stay, and can be moved. */
  usePrimary(tool: PrimaryTool): void {
    const binding = { mouseButton: Primary };
    this.#planes.setToolPassive(TOOL_NAMES[this.#primary], { removeAllBindings: [binding] });
    this.#planes.setToolActive(TOOL_NAMES[tool], { bindings: [binding] });
    this.#primary = tool;
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

type ToolGroup = NonNullable<ReturnType<typeof ToolGroupManager.createToolGroup>>;
type Binding = NonNullable<Parameters<ToolGroup['setToolActive']>[1]>['bindings'][number];

/** The tools that move the picture, with the mouse and with two or three fingers. */
const MOVING: readonly (readonly [toolName: string, ...bindings: Binding[]])[] = [
  [PanTool.toolName, { mouseButton: Auxiliary }, { numTouchPoints: 3 }],
  [ZoomTool.toolName, { mouseButton: Secondary }, { numTouchPoints: 2 }],
];

function createToolGroup(
  id: string,
  tools: readonly (readonly [toolName: string, ...bindings: Binding[]])[],
): ToolGroup {
  const group = ToolGroupManager.createToolGroup(id);
  if (!group) {
    throw new Error(`There is a tool group ${id} already`);
  }
  for (const [toolName, ...bindings] of tools) {
    group.addTool(toolName);
    group.setToolActive(toolName, { bindings });
  }
  return group;
}
