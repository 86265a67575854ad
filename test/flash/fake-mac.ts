import { erasedFlash } from "./boot-rom";
import { fakeBoard } from "./fake-board";
import { type FakeComputer, fakeComputer } from "./fake-computer";
import { bootDevice, type FakeDevice, type FakeSystem, inPieces, interfaceNumbers } from "./fake-usb";

export interface FakeMac extends FakeSystem {
  /** Mounts the drive of a board that was plugged in without that. */
  readonly mount: (place: number) => void;
}

/**
 * A Mac in memory. What its ioreg writes has the form of real outputs: the property list, its serial ports and the
 * drivers that repeat vendor and product are as in those that the tests of Viam's module `usb` have (go.viam.com), the
 * properties of devices and hubs as in issue 5 of pok3r-custom/pok3rtool; the entries from a mass storage interface
 * down to a partition are the classes of IOUSBMassStorageDriver and IOStorageFamily.
 */
export function fakeMac(): FakeMac {
  const linux = fakeComputer();
  const computer: FakeComputer = Object.assign(linux, {
    platform: "macos" as const,
    environment: { HOME: "/Users/me", PATH: "/usr/bin:/bin" },
  });
  const devices = new Map<number, { readonly device: FakeDevice; readonly session: number }>();
  let sessions = 0;
  const usbText = () =>
    propertyList([...devices].map(([place, { device, session }]) => entryOf(place, device, session)));
  let answer: () => string | undefined = usbText;
  computer.streams.set("/usr/sbin/ioreg", () => inPieces(answer()));
  computer.streams.set("/sbin/mount", () =>
    inPieces(mountText([...devices.values()].map((each) => each.device))),
  );
  const mounts = new Map<number, () => void>();
  const system: FakeMac = {
    mount: (place) => mounts.get(place)?.(),
    computer,
    usbText,
    breakUsb: (instead) => (answer = instead),
    plug: (place, device) => devices.set(place, { device, session: ++sessions }),
    unplug: (place) => devices.delete(place),
    plugBootsel: (options) => {
      const { place, chip, isMounted = true } = options;
      const volume = chip === "RP2040" ? "RPI-RP2" : "RP2350";
      const taken = [...devices.values()].some(({ device }) => device.folder === `/Volumes/${volume}`);
      const folder = `/Volumes/${volume}${taken ? " 1" : ""}`;
      return fakeBoard({
        chip,
        flash: erasedFlash(),
        clock: computer,
        onAttach: (create) => {
          const device = { ...bootDevice(options), disk: `disk${4 + place}` };
          system.plug(place, device);
          const { session } = devices.get(place)!;
          mounts.set(place, () => {
            devices.set(place, { device: { ...device, folder }, session });
            computer.showDrive(folder, chip, create);
          });
          if (isMounted) system.mount(place);
        },
        onDetach: () => {
          system.unplug(place);
          computer.hideDrive(folder);
        },
      });
    },
  };
  return system;
}

type Entry = Readonly<Record<string, unknown>>;

const children = (entries: readonly Entry[]): Entry =>
  entries.length === 0 ? {} : { IORegistryEntryChildren: entries };

/** A device in a port of the first hub of a Mac. */
function entryOf(place: number, device: FakeDevice, session: number): Entry {
  const { vendor, product, serial, name, interfaces = [], port, disk } = device;
  const of = (text: string, i: number): Entry => {
    const { numbers, name: own } = interfaceNumbers(text);
    const [usbClass, subclass, protocol] = numbers;
    const below =
      usbClass === 2 && port !== undefined
        ? [serialEntry(vendor, product, port)]
        : usbClass === 8 && disk !== undefined
          ? [diskEntry(disk)]
          : [];
    return {
      IOClass: "IOUSBHostInterface",
      IOObjectClass: "IOUSBHostInterface",
      IORegistryEntryName: own ?? `IOUSBHostInterface@${i}`,
      bConfigurationValue: 1,
      bInterfaceClass: usbClass,
      bInterfaceNumber: i,
      bInterfaceProtocol: protocol,
      bInterfaceSubClass: subclass,
      idProduct: product,
      idVendor: vendor,
      locationID: locationOf(place),
      ...(own === undefined ? {} : { "USB Interface Name": own, kUSBString: own }),
      ...children(below),
    };
  };
  return {
    IOCFPlugInTypes: {
      "9dc7b780-9ec0-11d4-a54f-000a27052861": "IOUSBHostFamily.kext/Contents/PlugIns/IOUSBLib.bundle",
    },
    IOObjectClass: "IOUSBHostDevice",
    IORegistryEntryID: 4295056000 + session,
    IORegistryEntryName: name,
    IOServiceState: 30,
    "Built-In": false,
    UsbDeviceSignature: Buffer.from("2e8a0003"),
    "USB Address": 7 + place,
    "USB Product Name": name,
    "USB Vendor Name": "Raspberry Pi",
    kUSBProductString: name,
    ...(serial === undefined ? {} : { "USB Serial Number": serial, kUSBSerialNumberString: serial }),
    bDeviceClass: 0,
    idProduct: product,
    idVendor: vendor,
    locationID: locationOf(place),
    sessionID: 180804131117000 + session,
    ...children(interfaces.map(of)),
  };
}

const locationOf = (place: number) => 0x1410_0000 + (place << 16);

function serialEntry(vendor: number, product: number, port: number): Entry {
  const suffix = `1410${port}`;
  return {
    IOClass: "AppleUSBACMControl",
    IOObjectClass: "AppleUSBACMControl",
    idVendor: vendor,
    idProduct: product,
    ...children([
      {
        IOObjectClass: "IOSerialBSDClient",
        IOCalloutDevice: `/dev/cu.usbmodem${suffix}`,
        IODialinDevice: `/dev/tty.usbmodem${suffix}`,
        IOSerialBSDClientType: "IOModemSerialStream",
        IOTTYBaseName: "usbmodem",
        IOTTYSuffix: suffix,
      },
    ]),
  };
}

function diskEntry(disk: string): Entry {
  const nest = (classes: readonly string[], last: Entry): Entry =>
    classes.length === 0 ? last : { IOObjectClass: classes[0], ...children([nest(classes.slice(1), last)]) };
  const partition = {
    IOObjectClass: "IOMedia",
    IORegistryEntryName: "Untitled 1",
    "BSD Name": `${disk}s1`,
    Content: "DOS_FAT_16",
    Leaf: true,
    Whole: false,
  };
  const whole = {
    IOObjectClass: "IOMedia",
    IORegistryEntryName: "RPI RP2 Media",
    "BSD Name": disk,
    Content: "FDisk_partition_scheme",
    Leaf: false,
    Whole: true,
    ...children([{ IOObjectClass: "IOFDiskPartitionScheme", ...children([partition]) }]),
  };
  const above = [
    "IOUSBMassStorageDriver",
    "IOSCSIPeripheralDeviceType00",
    "IOBlockStorageServices",
    "IOBlockStorageDriver",
  ];
  return nest(above, whole);
}

/** As `mount` lists them on macOS 14. */
function mountText(devices: readonly FakeDevice[]): string {
  const own = devices.flatMap(({ disk, folder }) =>
    disk === undefined || folder === undefined
      ? []
      : [`/dev/${disk}s1 on ${folder} (msdos, local, nodev, nosuid, noowners, noatime)`],
  );
  return [
    "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)",
    "devfs on /dev (devfs, local, nobrowse)",
    "map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)",
    ...own,
    "",
  ].join("\n");
}

function propertyList(entries: readonly Entry[]): string {
  if (entries.length === 0) return "";
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
${element(entries, "")}
</plist>
`;
}

function element(value: unknown, indent: string): string {
  const inner = `${indent}\t`;
  if (Buffer.isBuffer(value))
    return `${indent}<data>\n${indent}${value.toString("base64")}\n${indent}</data>`;
  if (Array.isArray(value))
    return `${indent}<array>\n${value.map((each) => element(each, inner)).join("\n")}\n${indent}</array>`;
  switch (typeof value) {
    case "boolean":
      return `${indent}<${String(value)}/>`;
    case "number":
      return `${indent}<integer>${value}</integer>`;
    case "string":
      return `${indent}<string>${escaped(value)}</string>`;
    default: {
      const members = Object.entries(value as Entry).map(
        ([key, each]) => `${inner}<key>${escaped(key)}</key>\n${element(each, inner)}`,
      );
      return `${indent}<dict>\n${members.join("\n")}\n${indent}</dict>`;
    }
  }
}

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
