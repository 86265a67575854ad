import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeUf2 } from "#extension/pico/uf2/uf2-file";
import { firmwareImage } from "#extension/pico/uf2/firmware-image";
import { pollscope, startPollscope } from "#test/cli/pollscope";
import { INFO_UF2 } from "./boot-rom";
import { serveBootRom } from "./boot-rom-drive";
import { MADE_FIRMWARE } from "./made-firmware";

const BLINK = "samples/prebuilt/blink-release.elf";

let folder: string;
const path = (...names: string[]) => join(folder, ...names);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-flash-"));
  writeFileSync(path("pico2.elf"), MADE_FIRMWARE["rp2350-arm-s"]!());
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A new folder in which drives appear. */
function drivesFolder(name: string): string {
  mkdirSync(path(name));
  return path(name);
}

describe("pollscope uf2", () => {
  it("writes the file, and says what is in it", async () => {
    const { status, out, error } = await pollscope(["uf2", BLINK, "-o", path("blink.uf2")]);
    expect({ status, error }).toEqual({ status: 0, error: "" });
    expect(out).toBe(
      `${path("blink.uf2")}: 3636 bytes of blink-release.elf for the RP2040 (rp2040), flash 0x10000000 to 0x10000e34, 15 blocks\n`,
    );
    const file = decodeUf2(readFileSync(path("blink.uf2")), "blink.uf2");
    expect(file.pages).toEqual(firmwareImage(readFileSync(BLINK), "blink.elf").pages);
  });

  it("heals RP2350-E10 unless it is told not to", async () => {
    const { out } = await pollscope(["uf2", path("pico2.elf"), "-o", path("pico2.uf2")]);
    expect(out).toContain("for the RP2350 (rp2350-arm-s)");
    expect(out).toContain(", and one against RP2350-E10\n");
    expect(decodeUf2(readFileSync(path("pico2.uf2")), "x").hasE10Block).toBe(true);
    await pollscope(["uf2", path("pico2.elf"), "-o", path("pico2.uf2"), "--no-e10"]);
    expect(decodeUf2(readFileSync(path("pico2.uf2")), "x").hasE10Block).toBe(false);
  });

  it.each([
    { words: [BLINK], says: "needs to know where to write; name a file: -o firmware.uf2" },
    {
      words: [BLINK, "-o", "x", "--family", "rp2041"],
      says: 'There is no family "rp2041"; use one of rp2040, absolute',
    },
    { words: [BLINK, "-o", "/nowhere/at/all.uf2"], says: "/nowhere/at/all.uf2 cannot be written" },
  ])("$words is refused in a sentence", async ({ words, says }) => {
    const { status, error } = await pollscope(["uf2", ...words]);
    expect([1, 2]).toContain(status);
    expect(error).toContain(says);
  });
});

describe("pollscope flash, onto a folder that is the drive of a boot ROM", () => {
  it("brings the program there, and the board restarts with it", async () => {
    const drives = drivesFolder("one");
    const drive = serveBootRom(join(drives, "RPI-RP2"), "RP2040");
    const { status, out, error } = await pollscope(["flash", BLINK, "--drives", drives]);
    expect({ status, error }).toEqual({
      status: 0,
      error: `blink-release.elf, 3636 bytes, to RP2040 in BOOTSEL mode, ${drive.folder}\n`,
    });
    expect(out).toBe("blink-release.elf is in the board (the boot ROM has every block) and runs.\n");
    await drive.restarted;
    for (const { address, bytes } of firmwareImage(readFileSync(BLINK), "blink").pages) {
      const at = address - 0x1000_0000;
      expect(Buffer.compare(drive.flash.subarray(at, at + 256), bytes)).toBe(0);
    }
  });

  it("takes the board that fits where there are two", async () => {
    const drives = drivesFolder("two");
    const other = serveBootRom(join(drives, "RP2350"), "RP2350");
    const fitting = serveBootRom(join(drives, "RPI-RP2"), "RP2040");
    expect((await pollscope(["flash", BLINK, "--drives", drives])).status).toBe(0);
    await fitting.restarted;
    const wrong = await pollscope(["flash", BLINK, "--drives", drives]);
    expect(wrong.error).toContain(
      "is for the RP2040 of a Pico, and this board has an RP2350; build it for a Pico 2",
    );
    other.unplug();
  });

  it("asks which one is meant, and takes the one that is named", async () => {
    const drives = drivesFolder("same");
    const first = serveBootRom(join(drives, "first"), "RP2040");
    const second = serveBootRom(join(drives, "second"), "RP2040");
    const { status, error } = await pollscope(["flash", BLINK, "--drives", drives]);
    expect(status).toBe(1);
    expect(error).toContain("2 boards are attached (RP2040 in BOOTSEL mode");
    expect(error).toContain("name one by its serial number or USB port: `--board`");
    expect((await pollscope(["flash", BLINK, "--drives", drives, "--board", second.folder])).status).toBe(0);
    await second.restarted;
    const unknown = await pollscope(["flash", BLINK, "--drives", drives, "--board", "E66"]);
    expect(unknown.error).toContain('No board is called "E66"; there is: RP2040 in BOOTSEL mode');
    first.unplug();
  });

  it("says that no board is there", async () => {
    const { status, error } = await pollscope(["flash", BLINK, "--drives", drivesFolder("none")]);
    expect({ status, error }).toEqual({
      status: 1,
      error:
        "pollscope: No Pico is attached; plug one in while you hold its BOOTSEL button, or connect a debug probe; a cable without data wires only gives power\n",
    });
  });

  it("writes nothing to a folder that is something else", async () => {
    const drives = drivesFolder("others");
    mkdirSync(join(drives, "stick"));
    writeFileSync(join(drives, "stick", "INFO_UF2.TXT"), "UF2 Bootloader v0.6\nBoard-ID: nRF52840\n");
    writeFileSync(join(drives, "stick", "INDEX.HTM"), "");
    expect((await pollscope(["flash", BLINK, "--drives", drives])).error).toContain("No Pico is attached");
  });

  it("stops when it is interrupted, while the board does not restart", async () => {
    const drives = drivesFolder("dead");
    mkdirSync(join(drives, "RPI-RP2"));
    writeFileSync(join(drives, "RPI-RP2", "INFO_UF2.TXT"), INFO_UF2.RP2040);
    writeFileSync(join(drives, "RPI-RP2", "INDEX.HTM"), "");
    const child = startPollscope(["flash", BLINK, "--drives", drives]);
    let error = "";
    let isTold = false;
    child.stderr!.setEncoding("utf8").on("data", (text: string) => {
      error += text;
      if (!isTold) child.kill("SIGINT");
      isTold = true;
    });
    const status = await new Promise((done) => child.once("close", done));
    expect(status).toBe(1);
    expect(error).toContain(
      "pollscope: Flashing was cancelled, so the board may have only a part of the program; flash it once more",
    );
  });

  it.each([
    {
      words: ["--route", "smoke"],
      says: 'There is no route "smoke"; use one of uf2, picotool, picoboot, probe-rs',
    },
    { words: ["--flash-size", "lots"], says: '"lots" is no size of flash; write it as 2M, 16M or 512k' },
  ])("$words is refused in a sentence", async ({ words, says }) => {
    const { status, error } = await pollscope(["flash", BLINK, ...words]);
    expect(status).toBe(2);
    expect(error).toContain(says);
  });
});

describe("pollscope flash --route picoboot", () => {
  it("finds the library for USB where npm has installed it, and no such board on USB", async () => {
    const drives = drivesFolder("usb");
    const drive = serveBootRom(join(drives, "RPI-RP2"), "RP2040");
    const { status, error } = await pollscope(["flash", BLINK, "--drives", drives, "--route", "picoboot"]);
    expect(status).toBe(1);
    // Machines without any USB have not even a place to look.
    const expected = existsSync("node_modules/usb")
      ? /: The RP2040 is not to be found on USB any more; |: Something went wrong on USB with the RP2040 \(getDevices/
      : /: Pollscope cannot speak PICOBOOT here \(the npm package `usb` is not installed\); /;
    expect(error).toMatch(expected);
    drive.unplug();
  });
});

describe("pollscope boards", () => {
  it("lists what is attached", async () => {
    const drives = drivesFolder("listed");
    const drive = serveBootRom(join(drives, "RP2350"), "RP2350");
    const { out } = await pollscope(["boards", "--drives", drives]);
    expect(out.replaceAll(drives, "DRIVES").replaceAll(/ {2,}/g, "  ")).toBe(
      "board  chip  serial number  program  at  reached by\nBOOTSEL mode  RP2350  -  -  DRIVES/RP2350  drive DRIVES/RP2350\n",
    );
    const { out: json } = await pollscope(["boards", "--json", "--drives", drives]);
    expect(JSON.parse(json)).toEqual([
      {
        kind: "bootsel",
        id: drive.folder,
        chip: "RP2350",
        serial: null,
        usb: null,
        drive: drive.folder,
        port: null,
        ways: [`drive ${drive.folder}`],
        flash: null,
      },
    ]);
    drive.unplug();
    expect((await pollscope(["boards", "--drives", drives])).error).toContain("No Pico is attached");
    expect((await pollscope(["boards", "--json", "--drives", drives])).out).toBe("[]\n");
  });

  it("prints rules for Linux", async () => {
    const { out } = await pollscope(["boards", "--udev-rules"]);
    expect(out).toContain('SUBSYSTEM=="usb", ATTRS{idVendor}=="2e8a"');
  });
});

describe("pollscope console", () => {
  it.each([
    {
      words: ["--port", "/dev/nothing"],
      says: "There is no serial port /dev/nothing; `pollscope boards` lists",
    },
    { words: ["--port", "/x", "--board", "y"], says: "A board and a port were both named; name one" },
    { words: ["--baud", "fast"], says: '"fast" is no baud rate; give bits per second: 115200' },
  ])("$words is refused in a sentence", async ({ words, says }) => {
    const { status, error } = await pollscope(["console", ...words]);
    expect([1, 2]).toContain(status);
    expect(error).toContain(says);
  });
});
