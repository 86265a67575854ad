import { UserError } from "#adapter/base/errors";
import { connectHost } from "./host";
import { LiveRun } from "./live/live-run";
import type { ToExtension, ToPage } from "./messages";
import { readTrace, type TraceModel } from "./model/trace-model";
import { parseViewState, type ViewState } from "./state/view-state";
import { Page } from "./view/page";

const host = connectHost<{ toPage: ToPage; fromPage: ToExtension }>(onMessage);
let state: ViewState = parseViewState(host.savedState());
const page = new Page(document.body, state, {
  onState: save,
  onOpen: ({ file, line }) => host.post({ kind: "open-source", file, line }),
  onExport: () => host.post({ kind: "choose-export" }),
  onSave: (name, bytes) => host.post({ kind: "save", name, bytes }),
});
let live: LiveRun | undefined;
host.post({ kind: "ready" });

function onMessage(message: ToPage): void {
  switch (message.kind) {
    case "open-trace":
      open(message.bytes);
      break;
    case "show-failure":
      page.fail(message.what, message.remedy);
      break;
    case "follow-run":
      live = new LiveRun(document.body, message, {
        state: state.timeline,
        onState: (changes) => save({ ...state, timeline: { ...state.timeline, ...changes } }),
        post: (question) => host.post(question),
      });
      break;
    case "export":
      (live ?? page).export(message.form);
      break;
    default:
      live?.receive(message);
  }
}

function open(bytes: Uint8Array): void {
  let model: TraceModel;
  try {
    model = readTrace(bytes);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    page.fail(error.what, error.remedy);
    return;
  }
  page.show(model);
}

function save(changed: ViewState): void {
  state = changed;
  host.save(changed);
}
