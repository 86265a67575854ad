import { AwaitTreePanel } from "./await-tree/await-tree-panel";
import { BoardPanel } from "./board/board-panel";
import { CyclePanel } from "./cycle/cycle-panel";
import { ExecutorPanel } from "./executor/executor-panel";
import type { PanelKind } from "./messages";
import type { PanelMaker } from "./panel";
import { StateMachinePanel } from "./state-machine/state-machine-panel";

/** Every panel there is. */
export const PANEL_KINDS: Readonly<Record<PanelKind, PanelMaker>> = {
  "await-tree": (context) => new AwaitTreePanel(context),
  board: (context) => new BoardPanel(context),
  cycle: (context) => new CyclePanel(context),
  executor: (context) => new ExecutorPanel(context),
  "state-machine": (context) => new StateMachinePanel(context),
};
