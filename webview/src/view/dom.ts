/** What an element is made with. Text becomes text nodes only: labels come from firmware and must not be markup. */
interface ElementOptions {
  readonly className?: string;
  readonly title?: string;
  readonly role?: string;
  readonly label?: string;
}

/** A new element with its children; a string becomes text, never markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (options.className !== undefined) made.className = options.className;
  if (options.title !== undefined) made.title = options.title;
  if (options.role !== undefined) made.setAttribute("role", options.role);
  if (options.label !== undefined) made.setAttribute("aria-label", options.label);
  made.append(...children);
  return made;
}

/** Calls `draw` once before the next frame, however often it is asked to. */
export function oncePerFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}
