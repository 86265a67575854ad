import type { PanelKind } from "./messages";
import type { PanelMaker } from "./panel";

/** Every panel there is. */
export const PANEL_KINDS: Readonly<Partial<Record<PanelKind, PanelMaker>>> = {};
