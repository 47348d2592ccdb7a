import { addTool, Enums, state, ToolGroupManager } from '@cornerstonejs/tools';
import type { Pane } from '../../rendering/support/Pane.js';

interface ToolClass {
  readonly toolName: string;
}

let groupIds: string[] = [];
let count = 0;

/**
 * Gives panes a tool that the left mouse button works.
 *
 * @returns the tool's instance
 */
export function activateTool(
  Tool: ToolClass,
  panes: readonly Pane[],
  configuration: object = {},
): unknown {
  const { toolName } = Tool;
  if (!(toolName in state.tools)) {
    addTool(Tool);
  }
  const groupId = `tools-${count++}`;
  const group = ToolGroupManager.createToolGroup(groupId);
  if (!group) {
    throw new Error(`Tool group ${groupId} is there already`);
  }
  groupIds.push(groupId);
  for (const { viewport, engine } of panes) {
    group.addViewport(viewport.id, engine.id);
  }
  group.addTool(toolName, configuration);
  group.setToolActive(toolName, {
    bindings: [{ mouseButton: Enums.MouseBindings.Primary }],
  });
  return group.getToolInstance(toolName);
}

/** Takes away what {@link activateTool} has made. */
export function removeToolGroups(): void {
  groupIds.forEach((groupId) => {
    ToolGroupManager.destroyToolGroup(groupId);
  });
  groupIds = [];
}
