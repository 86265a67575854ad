/** What the pointer and the wheel ask of the timeline; x in px of the lanes, y in px of the element. */
export interface GestureEvents {
  /** What is seen moves by so many px to the right. */
  onPan(by: number): void;
  /** The lanes move up by so many px; tells whether they could. */
  onScroll(by: number): boolean;
  onZoom(x: number, factor: number): void;
  onHover(place: { readonly x: number; readonly y: number } | null): void;
  onClick(x: number, y: number): void;
  onDoubleClick(x: number, y: number): void;
  /** A span is being selected, from one x to another. */
  onMark(from: number, to: number): void;
}

/** Px of the wheel that double what is seen. */
const WHEEL_DOUBLING = 240;

/** Px that a click may move. */
const CLICK_SLACK = 4;

/** Px of a line and of a page, for wheels that count in those. */
const WHEEL_UNITS = [1, 18, 400] as const;

/** How much closer the view gets by a turn of the wheel. */
export function zoomFactor(deltaY: number): number {
  return 2 ** (-deltaY / WHEEL_DOUBLING);
}

/**
 * Connects an element with the timeline.
 *
 * The wheel moves through time, or through the lanes where those do not fit; with Ctrl, which is what pinching a
 * trackpad sends, it zooms. Pulling moves through time; with Shift, or in the ruler, it selects a span.
 */
export function connectGestures(target: HTMLElement, isRuler: boolean, events: GestureEvents): void {
  const place = (event: MouseEvent) => {
    const { left, top } = target.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  target.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = WHEEL_UNITS[event.deltaMode as 0 | 1 | 2];
      const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
      if (event.ctrlKey || event.metaKey || (isRuler && dx === 0))
        events.onZoom(place(event).x, zoomFactor(dy));
      else if (event.shiftKey && dx === 0) events.onPan(-dy);
      else {
        if (dx !== 0) events.onPan(-dx);
        if (dy !== 0 && !events.onScroll(dy) && Math.abs(dy) > Math.abs(dx)) events.onPan(-dy);
      }
    },
    { passive: false },
  );
  target.addEventListener("pointermove", (event) => events.onHover(place(event)));
  target.addEventListener("pointerleave", () => events.onHover(null));
  target.addEventListener("dblclick", (event) => {
    const { x, y } = place(event);
    events.onDoubleClick(x, y);
  });
  target.addEventListener("pointerdown", (down) => {
    if (down.button > 1) return;
    followDrag(target, down, { isMark: isRuler || down.shiftKey, place, events });
  });
}

interface Drag {
  /** Whether it selects a span, rather than moving what is seen. */
  readonly isMark: boolean;
  readonly place: (event: MouseEvent) => { readonly x: number; readonly y: number };
  readonly events: GestureEvents;
}

function followDrag(target: HTMLElement, down: PointerEvent, { isMark, place, events }: Drag): void {
  target.setPointerCapture(down.pointerId);
  const begin = place(down);
  let last = begin;
  let isDrag = false;
  const onMove = (event: PointerEvent) => {
    const now = place(event);
    isDrag ||= Math.abs(now.x - begin.x) > CLICK_SLACK || Math.abs(now.y - begin.y) > CLICK_SLACK;
    if (!isDrag) return;
    target.classList.add(isMark ? "is-marking" : "is-panning");
    if (isMark) events.onMark(begin.x, now.x);
    else {
      events.onPan(now.x - last.x);
      events.onScroll(last.y - now.y);
    }
    last = now;
  };
  const onEnd = (event: PointerEvent) => {
    target.removeEventListener("pointermove", onMove);
    target.removeEventListener("pointerup", onEnd);
    target.removeEventListener("pointercancel", onEnd);
    target.classList.remove("is-marking", "is-panning");
    if (!isDrag && event.type === "pointerup") events.onClick(begin.x, begin.y);
  };
  target.addEventListener("pointermove", onMove);
  target.addEventListener("pointerup", onEnd);
  target.addEventListener("pointercancel", onEnd);
}
