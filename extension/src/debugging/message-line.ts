/** A message between VS Code and the adapter, as far as the log looks at it (Debug Adapter Protocol, "Base Protocol"). */
export interface AdapterMessage {
  readonly type: string;
  readonly seq: number;
  /** Of a request and of its response. */
  readonly command?: string;
  readonly event?: string;
  /** Of a response: the request's number. */
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

/** A message in a few words: `request 12 stackTrace`. */
export function describeMessage(message: AdapterMessage): string {
  const { type, seq, command, event, request_seq: request, success } = message;
  switch (type) {
    case "request":
      return `request ${seq} ${command ?? ""}`;
    case "event":
      return `event ${event ?? ""}`;
    case "response":
      return `response ${request ?? 0} ${command ?? ""}${success === true ? "" : ` failed: ${failure(message)}`}`;
    default:
      return type;
  }
}

/** Whether a message is logged in any case: something was refused. */
export function isNoteworthy({ type, success, command }: AdapterMessage): boolean {
  // What cannot be evaluated is shown where it was asked for, and hovering asks for a lot.
  return type === "response" && success === false && command !== "evaluate";
}

/** Whether a session ends in good order with this message. */
export function endsSession({ type, command, event }: AdapterMessage): boolean {
  if (type === "request") return command === "disconnect" || command === "terminate";
  return type === "event" && event === "terminated";
}

function failure({ message, body }: AdapterMessage): string {
  const { error } = (body ?? {}) as { readonly error?: { readonly format?: string } };
  return error?.format ?? message ?? "no reason given";
}
