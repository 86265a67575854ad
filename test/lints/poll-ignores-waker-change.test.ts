import { pollIgnoresWakerChange as rule } from "#extension/lints/rules/poll-ignores-waker-change";
import { describeRule } from "./describe-rule";

function poll(body: string, context = "cx"): string {
  return `
impl Future for F {
    type Output = ();
    fn poll(mut self: Pin<&mut Self>, ${context}: &mut Context<'_>) -> Poll<()> {
        ${body}
        Poll::Pending
    }
}`;
}

const stored = "if self.waker.is_none() { self.waker = Some(cx.waker().clone()); }";
const marked = `${stored}
        //                        ${"^".repeat("self.waker = Some(cx.waker().clone())".length)}`;

describeRule(rule, {
  found: {
    "a field that is set once": poll(marked),
    "a field of the shared state": poll(`let mut shared = self.shared.lock().unwrap();
        if shared.waker.is_none() { shared.waker = Some(cx.waker().clone()); }
        //                          ${"^".repeat("shared.waker = Some(cx.waker().clone())".length)}`),
    get_or_insert_with: poll(`self.waker.get_or_insert_with(|| cx.waker().clone());
      //${"^".repeat("self.waker.get_or_insert_with(|| cx.waker().clone())".length)}`),
    get_or_insert: poll(`self.waker.get_or_insert(cx.waker().clone());
      //${"^".repeat("self.waker.get_or_insert(cx.waker().clone())".length)}`),
    "another name for the context": poll(
      `if self.waker.is_none() { self.waker = Some(context.waker().clone()); }
        //                        ${"^".repeat("self.waker = Some(context.waker().clone())".length)}`,
      "context",
    ),
    "behind a check": poll(`if self.done { return Poll::Ready(()); }
        ${marked}`),
    "with more in the block": poll(`if self.waker.is_none() {
            self.count += 1;
            self.waker = Some(cx.waker().clone());
          //${"^".repeat("self.waker = Some(cx.waker().clone())".length)}
        }`),
    "without a semicolon": poll(`if self.waker.is_none() { self.waker = Some(cx.waker().clone()) }
        //                        ${"^".repeat("self.waker = Some(cx.waker().clone())".length)}`),
    "a field of a field": poll(`if self.state.w.is_none() { self.state.w = Some(cx.waker().clone()); }
        //                          ${"^".repeat("self.state.w = Some(cx.waker().clone())".length)}`),
    poll_fn: `
async fn f() {
    poll_fn(|cx| {
        if slot.is_none() { slot = Some(cx.waker().clone()); }
        //                  ${"^".repeat("slot = Some(cx.waker().clone())".length)}
        Poll::Pending
    }).await;
}`,
    "a stream": `
impl Stream for S {
    type Item = u8;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<u8>> {
        ${marked}
        Poll::Pending
    }
}`,
    "a method of one's own": `
impl S {
    fn poll_ready(&mut self, cx: &mut core::task::Context<'_>) -> Poll<()> {
        ${marked}
        Poll::Pending
    }
}`,
  },
  silent: {
    "every waker is kept": poll("self.waker = Some(cx.waker().clone());"),
    will_wake: poll(
      "if !self.waker.as_ref().is_some_and(|w| w.will_wake(cx.waker())) { self.waker = Some(cx.waker().clone()); }",
    ),
    "the other is replaced": poll(
      "if self.waker.is_none() { self.waker = Some(cx.waker().clone()); } else { self.waker.replace(cx.waker().clone()); }",
    ),
    clone_from: poll(
      "match &mut self.waker { Some(w) => w.clone_from(cx.waker()), None => self.waker = Some(cx.waker().clone()) }",
    ),
    register: poll("WAKER.register(cx.waker());"),
    "a wake": poll("cx.waker().wake_by_ref();"),
    "another field": poll("if self.timer.is_none() { self.waker = Some(cx.waker().clone()); }"),
    "no waker at all": poll("if self.value.is_none() { self.value = Some(1); }"),
    "passed on": poll("if self.inner.is_none() { self.inner = Some(make()); } let _ = self.inner.poll(cx);"),
    "kept in any case later": poll(`${stored} self.waker = Some(cx.waker().clone());`),
    "a function that is not given a context":
      "fn f(&mut self, w: &Waker) { if self.waker.is_none() { self.waker = Some(w.clone()); } }",
    "a timer's waker": poll(
      "if self.started.is_none() { self.started = Some(now()); } schedule(cx.waker());",
    ),
  },
});
