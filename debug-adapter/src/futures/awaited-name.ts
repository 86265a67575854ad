/**
 * What is awaited, in the words of someone who reads the source: the name of the awaited future's type without module
 * paths, and for the future of an `async fn` or of `poll_fn` the function that made it.
 *
 *     embassy_time::timer::Timer                                              Timer
 *     embassy_futures::select::Select<embassy_time::timer::Timer, …>          Select<Timer, …>
 *     …::PollFn<embassy_sync::mutex::{impl#3}::lock::{closure_env#0}<…>>      mutex::lock
 *     embassy_rp::gpio::{impl#7}::wait_for_low::{async_fn_env#0}              gpio::wait_for_low
 */
export function awaitedName(typeName: string): string {
  const parser = new TypeNameReader(typeName);
  const name = parser.type();
  return parser.isAtEnd ? name : typeName;
}

const LONGEST_NAME = 60;

/** Reads `path<arguments>` names and shortens each path; anything else is kept as it is. */
class TypeNameReader {
  private at = 0;

  constructor(private readonly text: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  type(): string {
    const prefix = this.skipPrefix();
    const segments: string[] = [];
    let generics: string[] = [];
    for (;;) {
      segments.push(this.segment());
      if (this.text[this.at] === "<") generics = this.generics();
      if (!this.text.startsWith("::", this.at)) break;
      this.at += 2;
    }
    return prefix + shorten(segments, generics);
  }

  /** References, pointers and brackets before a path. */
  private skipPrefix(): string {
    const match = /^(?:&(?:mut )?|\*(?:const|mut) |dyn )*/.exec(this.text.slice(this.at));
    this.at += match![0].length;
    return match![0];
  }

  private segment(): string {
    const match = /^(?:\{[^}]*\}|\([^)]*\)|\[[^\]]*\]|[^<>,:]|:(?!:))*/.exec(this.text.slice(this.at));
    this.at += match![0].length;
    return match![0];
  }

  private generics(): string[] {
    const list: string[] = [];
    do {
      this.at++;
      while (this.text[this.at] === " ") this.at++;
      list.push(this.type());
    } while (this.text[this.at] === ",");
    if (this.text[this.at] === ">") this.at++;
    return list;
  }
}

function shorten(segments: readonly string[], generics: readonly string[]): string {
  const last = segments.at(-1)!;
  if (last === "PollFn" && generics.length > 0) return generics[0]!;
  if (/^\{(?:async_fn|async_block|async_closure|closure)_env#\d+\}$/.test(last))
    return enclosingFunction(segments);
  const name = segments.findLast((segment) => !segment.startsWith("{")) ?? last;
  if (generics.length === 0) return name;
  const whole = `${name}<${generics.join(", ")}>`;
  return whole.length <= LONGEST_NAME ? whole : `${name}<…>`;
}

/** The function around a closure or coroutine, with the module or type it belongs to: `mutex::lock`. */
function enclosingFunction(segments: readonly string[]): string {
  const named = segments.filter((segment) => !segment.startsWith("{"));
  return named.slice(-2).join("::");
}
