import type { ToExtension, ToPage } from "./messages";

interface VsCodeApi {
  postMessage(message: ToExtension): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The extension that shows this page. */
export interface Host {
  post(message: ToExtension): void;
  /** What `save` was last given, also after a reload of the window. */
  savedState(): unknown;
  save(state: unknown): void;
}

/** Connects to the extension; once per page. Only the extension can send messages to this window. */
export function connectHost(onMessage: (message: ToPage) => void): Host {
  const api = acquireVsCodeApi();
  window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => onMessage(data));
  return {
    post: (message) => api.postMessage(message),
    savedState: () => api.getState(),
    save: (state) => api.setState(state),
  };
}
