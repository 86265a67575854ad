import { expect, it } from "vitest";
import { describeMessage, endsSession, isNoteworthy } from "./message-line";

const refused = {
  type: "response",
  seq: 4,
  request_seq: 3,
  command: "stepBack",
  success: false,
  body: { error: { id: 1, format: "Going back is to come" } },
};

it("puts a message into a few words", () => {
  expect(describeMessage({ type: "request", seq: 3, command: "threads" })).toBe("request 3 threads");
  expect(describeMessage({ type: "event", seq: 9, event: "stopped" })).toBe("event stopped");
  expect(
    describeMessage({ type: "response", seq: 4, request_seq: 3, command: "threads", success: true }),
  ).toBe("response 3 threads");
  expect(describeMessage(refused)).toBe("response 3 stepBack failed: Going back is to come");
});

it("notes what is refused, but for what a hover tries", () => {
  expect(isNoteworthy(refused)).toBe(true);
  expect(isNoteworthy({ ...refused, command: "evaluate" })).toBe(false);
  expect(isNoteworthy({ ...refused, success: true })).toBe(false);
});

it("knows with which messages a session ends in good order", () => {
  expect(endsSession({ type: "request", seq: 1, command: "disconnect" })).toBe(true);
  expect(endsSession({ type: "event", seq: 2, event: "terminated" })).toBe(true);
  expect(endsSession({ type: "request", seq: 3, command: "restart" })).toBe(false);
  expect(endsSession({ type: "event", seq: 4, event: "stopped" })).toBe(false);
});
