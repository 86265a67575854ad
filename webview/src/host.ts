interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** What a page and the extension say to each other. */
interface Messages {
  readonly toPage: unknown;
  readonly fromPage: unknown;
}

/** The extension that shows this page. */
export interface Host<ToExtension> {
  post(message: ToExtension): void;
  /** What `save` was last given, also after a reload of the window. */
  savedState(): unknown;
  save(state: unknown): void;
}

/** Connects to the extension; once per page. Only the extension can send messages to this window. */
export function connectHost<Said extends Messages>(
  onMessage: (message: Said["toPage"]) => void,
): Host<Said["fromPage"]> {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }: MessageEvent<Said["toPage"]>) => onMessage(data));
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    save: (state) => api.setState(state),
  };
}
