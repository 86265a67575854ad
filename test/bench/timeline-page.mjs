/* global document, WheelEvent, requestAnimationFrame */
// Runs in the page that timeline-frames.mjs opens.
import { FileSource } from "#webview/timeline/file-source";
import { TimelinePage } from "#webview/timeline/timeline-page";
import { INITIAL_TIMELINE_STATE } from "#webview/timeline/timeline-state";
import { longTimeline } from "#test/bench/long-timeline";

const STEPS = 240;

/** Zooms and moves through a trace; gives the milliseconds of each frame's work, and from frame to frame. */
globalThis.timelineFrames = async (events) => {
  const source = new FileSource(longTimeline(events));
  const page = new TimelinePage({
    source,
    state: INITIAL_TIMELINE_STATE,
    isLive: false,
    tabs: [],
    onState: () => undefined,
    onSelect: () => undefined,
    onOpen: () => undefined,
  });
  document.body.append(page.root);
  while (source.state.progress < 1) await frame();
  const lanes = page.root.querySelector(".lanes-canvas");
  const { left, top, width } = lanes.getBoundingClientRect();
  const drawing = [];
  const between = [];
  let last = await frame();
  for (let step = 0; step < STEPS; step++) {
    const isZoom = step % 3 > 0;
    const isIn = step < STEPS / 2;
    const turn = isZoom ? { ctrlKey: true, deltaY: isIn ? -60 : 60 } : { deltaX: step % 2 === 0 ? 90 : -60 };
    const place = { clientX: left + width * 0.4, clientY: top + 60, bubbles: true, cancelable: true };
    lanes.dispatchEvent(new WheelEvent("wheel", { ...place, ...turn }));
    const now = await frame();
    drawing.push(page.view.loop.lastDuration);
    between.push(now - last);
    last = now;
  }
  return { drawing, between };
};

function frame() {
  return new Promise((resolve) => requestAnimationFrame(resolve));
}
