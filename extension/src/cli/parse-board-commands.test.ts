import { describe, expect, it } from "vitest";
import { parseCommandLine } from "./command-line";
import { helpText } from "./help";

describe("the command line about boards", () => {
  it("reads what to flash, where and how", () => {
    const words = ["flash", "a.elf", "--board", "E66", "--route", "picotool", "--verify", "--no-run"];
    expect(parseCommandLine([...words, "--flash-size", "16M", "--drives", "/a", "--drives", "/b"])).toEqual({
      command: "flash",
      firmware: "a.elf",
      board: "E66",
      route: "picotool",
      isVerified: true,
      isStarted: false,
      flashSize: 16 << 20,
      driveFolders: ["/a", "/b"],
    });
    expect(parseCommandLine(["flash", "a.elf"])).toMatchObject({
      board: undefined,
      route: undefined,
      isVerified: false,
      isStarted: true,
      flashSize: undefined,
      driveFolders: [],
    });
  });

  it.each([
    { text: "2M", bytes: 2 << 20 },
    { text: "512k", bytes: 512 << 10 },
    { text: "4 MiB", bytes: 4 << 20 },
    { text: "4194304", bytes: 4 << 20 },
  ])("understands $text of flash", ({ text, bytes }) => {
    expect(parseCommandLine(["flash", "a.elf", "--flash-size", text])).toMatchObject({ flashSize: bytes });
  });

  it("reads what to make a UF2 file of", () => {
    expect(parseCommandLine(["uf2", "a.elf", "-o", "b.uf2", "--family", "absolute", "--no-e10"])).toEqual({
      command: "uf2",
      firmware: "a.elf",
      out: "b.uf2",
      family: "absolute",
      hasE10Block: false,
    });
  });

  it("reads what to listen to", () => {
    const words = ["console", "a.elf", "--port", "/dev/ttyACM0", "--baud", "9600", "--defmt", "--times"];
    expect(parseCommandLine([...words, "--filter", "temp", "--save", "x.txt"])).toEqual({
      command: "console",
      firmware: "a.elf",
      board: undefined,
      port: "/dev/ttyACM0",
      baud: 9600,
      isDefmt: true,
      filter: "temp",
      save: "x.txt",
      hasTimes: true,
      driveFolders: [],
    });
    expect(() => parseCommandLine(["console", "--defmt"])).toThrow("can only be decoded with the firmware");
  });

  it("has help for each, that fits a terminal", () => {
    for (const topic of ["flash", "boards", "uf2", "console"]) {
      expect(parseCommandLine([topic, "--help"])).toEqual({ command: "help", topic });
      const text = helpText(topic);
      expect(text).toContain(`Usage: pollscope ${topic}`);
      expect(helpText(undefined)).toMatch(new RegExp(`^ {2}${topic} +`, "m"));
      for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    }
  });
});
