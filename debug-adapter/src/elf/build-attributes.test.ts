import { describe, expect, test } from "vitest";
import { ProblemList } from "../base/errors";
import { type Architecture, readBuildAttributes } from "./build-attributes";

/** `.ARM.attributes` of one vendor section with one scope; lengths as the ABI counts them. */
function attributes(body: readonly number[], { vendor = "aeabi", scope = 1 } = {}): Uint8Array {
  const name = [...new TextEncoder().encode(vendor), 0];
  const size = 5 + body.length;
  const length = 4 + name.length + size;
  return Uint8Array.from([0x41, length, 0, 0, 0, ...name, scope, size, 0, 0, 0, ...body]);
}

function read(bytes: Uint8Array) {
  const problems = new ProblemList();
  return { ...readBuildAttributes(bytes, problems), problems: problems.list() };
}

const CPU_ARCH = 6;
const CPU_ARCH_PROFILE = 7;

describe("the architecture", () => {
  const cases: { tag: number; profile?: string; architecture: Architecture }[] = [
    { tag: 11, architecture: "armv6-m" },
    { tag: 12, profile: "M", architecture: "armv6-m" },
    { tag: 10, profile: "M", architecture: "armv7-m" },
    { tag: 10, profile: "A", architecture: "another" },
    { tag: 13, profile: "M", architecture: "armv7e-m" },
    { tag: 16, profile: "M", architecture: "armv8-m.base" },
    { tag: 17, profile: "M", architecture: "armv8-m.main" },
    { tag: 21, profile: "M", architecture: "armv8.1-m.main" },
    { tag: 14, profile: "A", architecture: "another" },
    { tag: 99, architecture: "another" },
  ];
  test.each(cases)("$tag $profile is $architecture", ({ tag, profile, architecture }) => {
    const profileAttribute = profile === undefined ? [] : [CPU_ARCH_PROFILE, profile.charCodeAt(0)];
    const result = read(attributes([CPU_ARCH, tag, ...profileAttribute]));
    expect(result).toMatchObject({ architecture, problems: [] });
  });

  test("is unknown where it is not recorded", () => {
    expect(read(attributes([9, 1])).architecture).toBeUndefined();
    expect(read(new Uint8Array(0)).architecture).toBeUndefined();
  });
});

test("attributes of every form are read", () => {
  const body = [
    [5, 0x6d, 0x30, 0], // Tag_CPU_name "m0"
    [32, 1, 0x67, 0], // Tag_compatibility 1 "g"
    [67, 0x32, 0], // Tag_conformance "2"
    [0x80, 0x01, 0x85, 0x02], // Tag 128: 261
  ];
  const { cpuName, byTag, problems } = read(attributes(body.flat()));
  expect(cpuName).toBe("m0");
  expect([...byTag]).toEqual([
    [5, "m0"],
    [32, 1],
    [67, "2"],
    [128, 261],
  ]);
  expect(problems).toEqual([]);
});

test.each([
  { what: "another vendor", options: { vendor: "gnu" } },
  { what: "a single section", options: { scope: 2 } },
])("attributes of $what are passed over", ({ options }) => {
  const result = read(attributes([CPU_ARCH, 17], options));
  expect(result.byTag.size).toBe(0);
  expect(result.problems).toEqual([]);
});

describe("damaged attributes", () => {
  test("an unknown version is a problem", () => {
    expect(read(Uint8Array.of(0x42)).problems).toEqual([
      { where: "section .ARM.attributes", what: "has unknown version 66" },
    ]);
  });

  test("what comes before the damage is kept", () => {
    const result = read(attributes([CPU_ARCH, 17, 5, 0x6d]));
    expect(result.architecture).toBe("armv8-m.main");
    expect(result.problems).toHaveLength(1);
  });

  test.each([0, 3, 200])("a record that says it has %i bytes is a problem, not a loop", (length) => {
    const bytes = attributes([CPU_ARCH, 11]);
    bytes[1] = length;
    expect(read(bytes).problems).toHaveLength(1);
  });

  test("every cut is a problem at most", () => {
    const whole = attributes([CPU_ARCH, 11, 5, 0x6d, 0x30, 0]);
    for (let end = 1; end < whole.length; end++)
      expect(read(whole.subarray(0, end)).problems.length).toBeLessThan(2);
  });
});
