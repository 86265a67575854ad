import { connectHost } from "../host";
import { element } from "../view/dom";
import { AdapterLink } from "./adapter-link";
import type { FromPanel, PanelKind, ToPanel } from "./messages";
import type { Panel } from "./panel";
import { PANEL_KINDS } from "./panel-kinds";
import { Refresher } from "./refresher";

const host = connectHost<{ toPage: ToPanel; fromPage: FromPanel }>(onMessage);
const link = new AdapterLink((message) => host.post(message));
let shown: { readonly panel: Panel; readonly refresher: Refresher } | undefined;
host.post({ kind: "ready" });

function onMessage(message: ToPanel): void {
  switch (message.kind) {
    case "show-panel":
      shown = show(message.panel);
      break;
    case "session":
      link.follow(message.run);
      shown?.refresher.show(message.session);
      break;
    case "seen":
      shown?.refresher.setSeen(message.isSeen);
      break;
    case "reply":
      link.replied(message.id, message.body);
      break;
    case "refusal":
      link.refused(message.id, message.sentence);
      break;
    case "selected":
      shown?.panel.onSelected?.(message.selection);
      break;
  }
}

function show(kind: PanelKind): NonNullable<typeof shown> {
  const panel = PANEL_KINDS[kind]({
    ask: (command, args) => link.ask(command, args),
    open: (place) => host.post({ kind: "open-source", place }),
    select: (selection) => host.post({ kind: "select", selection }),
    act: (action) => host.post({ kind: "act", action }),
    save: (name, bytes) => host.post({ kind: "save", name, bytes }),
    savedState: host.savedState(),
    saveState: (state) => host.save(state),
  });
  const notice = element("p", { className: "notice", role: "status" });
  notice.hidden = true;
  document.body.classList.add("panel", kind);
  document.body.replaceChildren(notice, panel.root);
  const refresher = new Refresher(panel, (refusal) => {
    notice.hidden = refusal === null;
    if (notice.textContent !== (refusal?.sentence ?? "")) notice.textContent = refusal?.sentence ?? "";
  });
  return { panel, refresher };
}
