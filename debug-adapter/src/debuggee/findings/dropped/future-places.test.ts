import { expect, it } from "vitest";
import { firmwareAt } from "#test/helpers/run-firmware";
import { futurePlaces } from "./future-places";

it("finds every place where a task may keep another future, and which it can drop", async () => {
  const { program } = await firmwareAt("samples/prebuilt/cancellation-bad-release.elf");
  const task = program.asyncFunctions.tasks.find(({ name }) => name.endsWith("teller_task"))!;
  const places = futurePlaces(task, program).map(({ body, isDroppable }) => `${body.name} ${isDroppable}`);
  expect(new Set(places)).toEqual(
    new Set(["cancellation_bad::transfer true", "cancellation::Bank::write_page false"]),
  );
});

it("finds none in a task that awaits one thing after the other", async () => {
  const { program } = await firmwareAt("samples/prebuilt/starvation-hog-release.elf");
  for (const task of program.asyncFunctions.tasks) {
    expect(futurePlaces(task, program).filter(({ isDroppable }) => isDroppable)).toEqual([]);
  }
});

it("finds elements of arrays, each at its own place", async () => {
  const { program } = await firmwareAt("test/firmware/suspended/prebuilt/suspended-combinators-release.elf");
  const task = program.asyncFunctions.tasks.find(({ name }) => name.endsWith("::select_array_task"))!;
  const naps = futurePlaces(task, program).filter(
    ({ body, isDroppable }) => isDroppable && body.name.endsWith("nap"),
  );
  expect(new Set(naps.map(({ offset }) => offset)).size).toBeGreaterThanOrEqual(3);
});
