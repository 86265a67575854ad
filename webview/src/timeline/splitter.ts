import { element } from "../view/dom";

/** The least and the most that the part above can have of the height. */
const LEAST = 0.2;
const MOST = 0.85;

/** A bar between two parts that is pulled, or moved with the arrow keys, to share the height between them. */
export function splitter(whole: HTMLElement, share: number, onShare: (share: number) => void): HTMLElement {
  const bar = element("div", { className: "splitter", role: "separator", label: "Height of the timeline" });
  bar.tabIndex = 0;
  bar.ariaOrientation = "horizontal";
  let current = share;
  const set = (wanted: number) => {
    current = Math.min(Math.max(wanted, LEAST), MOST);
    bar.ariaValueNow = String(Math.round(current * 100));
    whole.style.setProperty("--share", `${current * 100}%`);
  };
  set(share);
  bar.addEventListener("pointerdown", (down) => {
    bar.setPointerCapture(down.pointerId);
    const onMove = (event: PointerEvent) => {
      const { top, height } = whole.getBoundingClientRect();
      set((event.clientY - top) / height);
    };
    const onUp = () => {
      bar.removeEventListener("pointermove", onMove);
      bar.removeEventListener("pointerup", onUp);
      bar.removeEventListener("pointercancel", onUp);
      onShare(current);
    };
    bar.addEventListener("pointermove", onMove);
    bar.addEventListener("pointerup", onUp);
    bar.addEventListener("pointercancel", onUp);
  });
  bar.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowUp" ? -0.04 : event.key === "ArrowDown" ? 0.04 : 0;
    if (by === 0) return;
    event.preventDefault();
    set(current + by);
    onShare(current);
  });
  return bar;
}
