import { PNP_SCRIPT } from "#extension/pico/boards/pnp-devices";
import { erasedFlash } from "./boot-rom";
import { fakeBoard } from "./fake-board";
import { type FakeComputer, fakeComputer } from "./fake-computer";
import { bootDevice, type FakeDevice, type FakeSystem, inPieces, interfaceNumbers } from "./fake-usb";

export const POWERSHELL = "C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe";

/** What a script of PowerShell that is not about USB devices writes, by its text. */
export type ScriptAnswer = (script: string) => AsyncIterable<Uint8Array> | undefined;

export interface FakeWindows extends FakeSystem {
  /** Answers the other scripts whose output is read as they write. */
  readonly onScript: (answer: ScriptAnswer) => void;
}

/**
 * A Windows machine in memory. The identities of what it tells have the form of real ones: a Pico in BOOTSEL mode with
 * its interfaces and its disk is, but for the numbers, as the registry of a Windows has it in the investigation of
 * "PicoUSB" (two public write-ups of the same device); `USB\VID_2E8A&PID_000A&MI_00\7&29198214&0&0000` is the captured
 * form of a serial port of pico-sdk's. The rest are the properties that Microsoft documents for Win32_PnPEntity.
 */
export function fakeWindows(): FakeWindows {
  const computer: FakeComputer = Object.assign(fakeComputer(), {
    platform: "windows" as const,
    environment: { USERPROFILE: "C:\\Users\\me", SystemRoot: "C:\\Windows", Path: "C:\\Windows" },
  });
  const devices = new Map<number, FakeDevice>();
  const usbText = () =>
    JSON.stringify({
      devices: [...HUBS, ...[...devices].flatMap(([place, device]) => entitiesOf(place, device))],
      disks: [...devices].flatMap(([place, device]) => disksOf(place, device)),
    });
  let usbAnswer: () => string | undefined = usbText;
  let scriptAnswer: ScriptAnswer = () => undefined;
  computer.streams.set(POWERSHELL, (words) => {
    const script = words.at(-1) ?? "";
    return script === PNP_SCRIPT ? inPieces(usbAnswer()) : (scriptAnswer(script) ?? inPieces(undefined));
  });
  const system: FakeWindows = {
    computer,
    usbText,
    breakUsb: (instead) => (usbAnswer = instead),
    onScript: (answer) => (scriptAnswer = answer),
    plug: (place, device) => devices.set(place, device),
    unplug: (place) => devices.delete(place),
    plugBootsel: (options) => {
      const { place, chip, isMounted = true } = options;
      const letter = `${String.fromCharCode(68 + place)}:`;
      return fakeBoard({
        chip,
        flash: erasedFlash(),
        clock: computer,
        onAttach: (create) => {
          const folder = isMounted ? letter : undefined;
          system.plug(place, { ...bootDevice(options), disk: chip === "RP2040" ? "RP2" : "RP2350", folder });
          if (isMounted) computer.showDrive(`${letter}\\`, chip, create);
        },
        onDetach: () => {
          system.unplug(place);
          computer.hideDrive(`${letter}\\`);
        },
      });
    },
  };
  return system;
}

interface Entity {
  readonly id: string;
  readonly name: string;
  readonly present?: boolean;
  readonly compatible: readonly string[];
  readonly parent: string | null;
  readonly location: string | null;
  readonly reported: string | null;
}

const ROOT_HUB = "USB\\ROOT_HUB30\\4&2A93D76F&0&0";
/** What every computer has; hubs are not asked for more. */
const HUBS: readonly Entity[] = [
  {
    id: ROOT_HUB,
    name: "USB Root Hub (USB 3.0)",
    present: true,
    compatible: [],
    parent: null,
    location: null,
    reported: null,
  },
];

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");
const idsOf = ({ vendor, product }: FakeDevice) => `VID_${hex(vendor, 4)}&PID_${hex(product, 4)}`;
const prefixOf = (place: number) => `22CF742${hex(place, 1)}&0`;
const instanceOf = (place: number, { serial }: FakeDevice) => serial ?? `5&${prefixOf(place)}&${place}`;

function entitiesOf(place: number, device: FakeDevice): Entity[] {
  const { name, interfaces = [], port, disk } = device;
  const own = `USB\\${idsOf(device)}\\${instanceOf(place, device)}`;
  const composite: Entity = {
    id: own,
    name: "USB Composite Device",
    present: true,
    compatible: ["USB\\DevClass_00&SubClass_00&Prot_00", "USB\\DevClass_00", "USB\\COMPOSITE"],
    parent: ROOT_HUB,
    location: `Port_#${String(place).padStart(4, "0")}.Hub_#0001`,
    reported: name,
  };
  const functionIds = interfaces.map(
    (_, i) => `USB\\${idsOf(device)}&MI_0${i}\\6&${prefixOf(place)}&000${i}`,
  );
  const functions = interfaces.flatMap((text, i): Entity[] => {
    const { numbers, name: called } = interfaceNumbers(text);
    const [usbClass = 0, subclass = 0, protocol = 0] = numbers;
    // Both interfaces of a serial port are one function.
    if (usbClass === 0x0a) return [];
    const [c, s, p] = [usbClass, subclass, protocol].map((each) => hex(each, 2).toLowerCase());
    const isPort = usbClass === 2 && port !== undefined;
    return [
      {
        id: functionIds[i]!,
        name: isPort ? `USB Serial Device (COM${port})` : usbClass === 8 ? "USB Mass Storage Device" : name,
        present: true,
        compatible: [
          `USB\\Class_${c}&SubClass_${s}&Prot_${p}`,
          `USB\\Class_${c}&SubClass_${s}`,
          `USB\\Class_${c}`,
        ],
        parent: own,
        location: `0000.0014.0000.00${place}.000.000.000.000.000`,
        reported: called ?? name,
      },
    ];
  });
  if (disk === undefined) return [composite, ...functions];
  const storage: Entity = {
    id: diskIdOf(place, device),
    name: `RPI ${disk} USB Device`,
    present: true,
    compatible: ["USBSTOR\\Disk", "USBSTOR\\RAW", "GenDisk"],
    // Not always in the capitals in which it is told elsewhere.
    parent: functionIds[0]!.toLowerCase(),
    location: null,
    reported: null,
  };
  return [composite, ...functions, storage];
}

const diskIdOf = (place: number, device: FakeDevice) =>
  `USBSTOR\\DISK&VEN_RPI&PROD_${device.disk ?? ""}&REV_3\\7&1ABFDE2${place}&0&${instanceOf(place, device)}&0`;

function disksOf(place: number, device: FakeDevice): unknown[] {
  if (device.disk === undefined) return [];
  return [{ id: diskIdOf(place, device), letters: device.folder === undefined ? [] : [device.folder] }];
}
