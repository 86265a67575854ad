import { expect, it } from "vitest";
import { buildWords } from "./build-words";

it("asks cargo for messages a program can read", () => {
  expect(buildWords({}, undefined)).toEqual(["build", "--message-format=json"]);
});

it("names all that a launch configuration names, each in one word", () => {
  const request = {
    package: "firmware",
    bin: "-x",
    profile: "release",
    features: ["a", "b"],
    args: ["--locked", "--config", "net.offline=true"],
  };
  expect(buildWords(request, "thumbv6m-none-eabi")).toEqual([
    "build",
    "--message-format=json",
    "--package=firmware",
    "--bin=-x",
    "--profile=release",
    "--features=a,b",
    "--target=thumbv6m-none-eabi",
    "--locked",
    "--config",
    "net.offline=true",
  ]);
});
