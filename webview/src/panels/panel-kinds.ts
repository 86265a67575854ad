import { AwaitTreePanel } from "./await-tree/await-tree-panel";
import { ExecutorPanel } from "./executor/executor-panel";
import type { PanelKind } from "./messages";
import type { PanelMaker } from "./panel";

/** Every panel there is. */
export const PANEL_KINDS: Readonly<Partial<Record<PanelKind, PanelMaker>>> = {
  "await-tree": (context) => new AwaitTreePanel(context),
  executor: (context) => new ExecutorPanel(context),
};
