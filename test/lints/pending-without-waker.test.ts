import { pendingWithoutWaker as rule } from "#extension/lints/rules/pending-without-waker";
import { describeRule } from "./describe-rule";

/** A `Future` with this body of `poll`. */
function poll(body: string, context = "cx"): string {
  return `
use std::task::{Context, Poll};
impl Future for F {
    type Output = u32;
    fn poll(mut self: Pin<&mut Self>, ${context}: &mut Context<'_>) -> Poll<u32> {
${body}
    }
}`;
}

describeRule(rule, {
  found: {
    "a context that is never looked at": poll(`
        if self.done { Poll::Ready(1) } else { Poll::Pending }
        //                                     ^^^^^^^^^^^^^`),
    "a context without a name": poll(
      `
        if self.done { return Poll::Ready(1); }
        Poll::Pending
        // ^^^^^^^^^^`,
      "_",
    ).replace("        // ^^^^^^^^^^", "      //^^^^^^^^^^^^^"),
    "a name that says that it is not used": poll(
      `
        if self.done { return Poll::Ready(1); }
        return Poll::Pending;
        //     ^^^^^^^^^^^^^`,
      "_cx",
    ),
    "an early return": poll(`
        if !self.started { return Poll::Pending; }
        //                        ^^^^^^^^^^^^^
        Pin::new(&mut self.inner).poll(cx).map(|_| Poll::Ready(1));
        Poll::Ready(2)`),
    "one arm of a match": poll(`
        match self.state {
            State::A => { cx.waker().wake_by_ref(); Poll::Pending }
            State::B => Poll::Pending,
            //          ^^^^^^^^^^^^^
            State::C => Poll::Ready(1),
        }`),
    "one branch of an if": poll(`
        if self.a { cx.waker().wake_by_ref(); Poll::Pending }
        else if self.b { Poll::Ready(1) }
        else { Poll::Pending }
        //     ^^^^^^^^^^^^^`),
    "two of them": poll(`
        if self.a { return Poll::Pending; }
        //                 ^^^^^^^^^^^^^
        if self.b { return Poll::Ready(1); }
        Poll::Pending
      //^^^^^^^^^^^^^`),
    "a countdown that nobody wakes": poll(`
        if self.left == 0 { return Poll::Ready(0); }
        self.left -= 1;
        Poll::Pending
      //^^^^^^^^^^^^^`),
    poll_fn: `
async fn f() {
    poll_fn(|_cx| if ready() { Poll::Ready(()) } else { Poll::Pending }).await;
    //                                                  ^^^^^^^^^^^^^
}`,
    "poll_fn with a block": `
async fn f() {
    core::future::poll_fn(|cx| {
        if ready() { return Poll::Ready(()); }
        Poll::Pending
      //^^^^^^^^^^^^^
    }).await;
}`,
    "a stream": `
impl Stream for S {
    type Item = u8;
    fn poll_next(self: Pin<&mut Self>, cx: &mut std::task::Context<'_>) -> Poll<Option<u8>> {
        match self.queue.pop() { Some(x) => Poll::Ready(Some(x)), None => Poll::Pending }
        //                                                                ^^^^^^^^^^^^^
    }
}`,
    "a whole path": poll(`
        if self.done { std::task::Poll::Ready(1) } else { std::task::Poll::Pending }
        //                                                ^^^^^^^^^^^^^^^^^^^^^^^^`),
    "woken only where it is ready": poll(`
        if self.done { cx.waker().wake_by_ref(); return Poll::Ready(1); }
        Poll::Pending
      //^^^^^^^^^^^^^`),
  },
  silent: {
    "a waker that is kept": poll(`
        if self.done { return Poll::Ready(1); }
        self.waker = Some(cx.waker().clone());
        Poll::Pending`),
    "a waker that is registered": poll(`
        WAKER.register(cx.waker());
        if self.done { Poll::Ready(1) } else { Poll::Pending }`),
    "a wake": poll(`
        if self.left == 0 { return Poll::Ready(0); }
        self.left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending`),
    "a context that is passed on": poll(`
        match Pin::new(&mut self.inner).poll(cx) { Poll::Ready(x) => Poll::Ready(x), Poll::Pending => Poll::Pending }`),
    "a context that is passed on in a condition": poll(`
        if self.inner.poll_ready(cx).is_pending() { return Poll::Pending; }
        Poll::Ready(1)`),
    "a future that never ends": poll("        Poll::Pending", "_"),
    "ready!": poll(`
        let x = ready!(Pin::new(&mut self.inner).poll(cx));
        if x > 1 { Poll::Ready(x) } else { Poll::Pending }`),
    "a waker under another name": poll(`
        let waker = cx.waker();
        if self.done { return Poll::Ready(1); }
        QUEUE.push(waker.clone());
        Poll::Pending`),
    "a loop that polls": poll(`
        loop {
            if self.done { return Poll::Pending; }
            if self.inner.poll(cx).is_ready() { return Poll::Ready(1); }
        }`),
    "a waker of an earlier call": poll(`
        match &self.waker {
            Some(_) => Poll::Pending,
            None => { self.waker = Some(cx.waker().clone()); if self.done { Poll::Ready(1) } else { Poll::Pending } }
        }`),
    "a comparison": poll(`
        if self.inner.poll(cx) == Poll::Pending { self.misses += 1; }
        Poll::Ready(1)`),
    "a pattern": poll(
      "        match self.next(cx) { Poll::Pending => Poll::Ready(0), Poll::Ready(x) => Poll::Ready(x) }",
    ),
    "a condition of the arm before": poll(`
        match self.state {
            State::A if self.inner.poll(cx).is_ready() => Poll::Ready(1),
            State::A => Poll::Pending,
            State::B => Poll::Ready(2),
        }`),
    "a function that polls nothing":
      "fn state(x: u32) -> Poll<u32> { if x > 1 { Poll::Ready(x) } else { Poll::Pending } }",
    "poll_fn with a waker that was taken before": `
async fn f() {
    let waker = poll_fn(|cx| Poll::Ready(cx.waker().clone())).await;
    REQUESTS.push(waker);
    poll_fn(|_| if ready() { Poll::Ready(()) } else { Poll::Pending }).await;
}`,
    "a test": `mod tests { use super::*;${poll("        if self.done { Poll::Ready(1) } else { Poll::Pending }")} }`,
  },
});
