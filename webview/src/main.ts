import { UserError } from "#adapter/base/errors";
import { connectHost } from "./host";
import type { ToPage } from "./messages";
import { readTrace, type TraceModel } from "./model/trace-model";
import { parseViewState } from "./state/view-state";
import { Page } from "./view/page";

const host = connectHost(onMessage);
const page = new Page(document.body, parseViewState(host.savedState()), (state) => host.save(state));
host.post({ kind: "ready" });

function onMessage(message: ToPage): void {
  switch (message.kind) {
    case "open-trace":
      open(message.bytes);
      break;
    case "show-failure":
      page.fail(message.what, message.remedy);
      break;
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
