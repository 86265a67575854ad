/** Those who want to be told of something, in the order in which they asked. */
export class Listeners<Event> {
  /** Replaced, never changed: a listener may add and remove others while it is told. */
  private current: readonly ((event: Event) => void)[] = [];

  add(listener: (event: Event) => void): { remove(): void } {
    this.current = [...this.current, listener];
    return { remove: () => void (this.current = this.current.filter((other) => other !== listener)) };
  }

  tell(event: Event): void {
    for (const listener of this.current) listener(event);
  }
}
