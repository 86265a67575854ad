import type { UsbDevice, UsbInterface, Volume } from "./usb-device";

/**
 * Writes what Windows knows of USB as one JSON text: devices and their interfaces (`USB\`), and their disks (`USBSTOR\`)
 * with the letters of their drives. What a device calls itself, where it is plugged in, and in what it was found are
 * properties that each has to be asked for; hubs are not, which saves time.
 * The text goes out as bytes, for else it would be in the code page of the console.
 */
export const PNP_SCRIPT = `
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
$keys = 'DEVPKEY_Device_Parent', 'DEVPKEY_Device_LocationInfo', 'DEVPKEY_Device_BusReportedDeviceDesc'
$devices = foreach ($entity in Get-CimInstance Win32_PnPEntity -Filter 'PNPDeviceID LIKE ''USB%''') {
  $more = @{}
  if ($entity.Service -notlike 'USBHUB*') {
    $asked = Invoke-CimMethod -InputObject $entity -MethodName GetDeviceProperties -Arguments @{ devicePropertyKeys = [string[]]$keys }
    foreach ($property in $asked.deviceProperties) { $more[$property.KeyName] = $property.Data }
  }
  @{
    id = $entity.PNPDeviceID; name = $entity.Name; present = $entity.Present; compatible = @($entity.CompatibleID)
    parent = $more[$keys[0]]; location = $more[$keys[1]]; reported = $more[$keys[2]]
  }
}
$disks = foreach ($disk in Get-CimInstance Win32_DiskDrive -Filter 'PNPDeviceID LIKE ''USBSTOR%''') {
  $letters = foreach ($partition in Get-CimAssociatedInstance -InputObject $disk -ResultClassName Win32_DiskPartition) {
    foreach ($logical in Get-CimAssociatedInstance -InputObject $partition -ResultClassName Win32_LogicalDisk) { $logical.DeviceID }
  }
  @{ id = $disk.PNPDeviceID; letters = @($letters) }
}
$json = ConvertTo-Json -Compress -Depth 4 -InputObject @{ devices = @($devices); disks = @($disks) }
$bytes = [Text.Encoding]::UTF8.GetBytes($json)
[Console]::OpenStandardOutput().Write($bytes, 0, $bytes.Length)
`;

/** The USB devices in what the script writes; undefined if that cannot be read. */
export function parsePnpDevices(text: string): UsbDevice[] | undefined {
  const told = parseJson(text);
  const entities = listOf(told?.["devices"]).flatMap((each) => toEntity(each) ?? []);
  // Without anything plugged in there are still the hubs of the computer itself: the question has failed.
  if (entities.length === 0) return undefined;
  const byId = new Map(entities.map((entity) => [entity.id.toUpperCase(), entity]));
  const owned = new Map<Entity, Entity[]>();
  for (const entity of entities) {
    const owner = ownerOf(entity, byId);
    if (owner !== undefined) owned.set(owner, [...(owned.get(owner) ?? []), entity]);
  }
  const letters = new Map<string, string[]>(
    listOf(told?.["disks"]).flatMap((disk): [string, string[]][] => {
      const id = textIn(disk, "id");
      return id === undefined ? [] : [[id.toUpperCase(), listOf(disk["letters"], isDriveLetter)]];
    }),
  );
  return [...owned].map(([device, parts]) => toDevice(device, parts, letters));
}

interface Entity {
  /** `USB\VID_2E8A&PID_0003\E0C9125B0D9B`, an interface `USB\VID_2E8A&PID_0003&MI_00\6&22CF742D&0&0000`. */
  readonly id: string;
  /** As the Device Manager shows it: `USB Serial Device (COM5)`. */
  readonly name: string | undefined;
  readonly compatible: readonly string[];
  readonly parent: string | undefined;
  /** `Port_#0004.Hub_#0001` */
  readonly location: string | undefined;
  /** What the device calls itself, or the interface. */
  readonly reported: string | undefined;
}

function toEntity(value: Json): Entity | undefined {
  const id = textIn(value, "id");
  if (id === undefined || value["present"] === false) return undefined;
  return {
    id,
    name: textIn(value, "name"),
    compatible: listOf(value["compatible"], (each) => typeof each === "string"),
    parent: textIn(value, "parent"),
    location: textIn(value, "location"),
    reported: textIn(value, "reported"),
  };
}

/** A device as such, with vendor and product and what tells it from others of them: its serial number, if it has one. */
const DEVICE = /^USB\\VID_([\dA-F]{4})&PID_([\dA-F]{4})\\([^\\]+)$/i;

/** Interfaces and disks lie a few steps below their device. */
function ownerOf(entity: Entity, byId: ReadonlyMap<string, Entity>): Entity | undefined {
  let at: Entity | undefined = entity;
  for (let steps = 0; at !== undefined && steps < 8; steps++) {
    if (DEVICE.test(at.id)) return at;
    at = at.parent === undefined ? undefined : byId.get(at.parent.toUpperCase());
  }
  return undefined;
}

function toDevice(
  { id, name, location, reported }: Entity,
  parts: readonly Entity[],
  letters: ReadonlyMap<string, readonly string[]>,
): UsbDevice {
  const [, vendor = "", product = "", instance = ""] = DEVICE.exec(id) ?? [];
  const sorted = [...parts].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    port: hubAndPort(location) ?? id,
    attachment: id,
    vendor: parseInt(vendor, 16),
    product: parseInt(product, 16),
    // Where a device has no serial number, Windows makes up something with this sign, which none may have.
    serial: instance.includes("&") ? undefined : instance,
    name: reported ?? name,
    // libusb counts hubs in an order of its own.
    usbNumbers: undefined,
    interfaces: sorted.flatMap((part) => toInterface(part) ?? []),
    serialPorts: sorted.flatMap((part) => /\((COM\d{1,3})\)\s*$/.exec(part.name ?? "")?.[1] ?? []),
    volumes: sorted
      .flatMap((part) => letters.get(part.id.toUpperCase()) ?? [])
      .sort()
      .map((device): Volume => ({ device, folders: [`${device}\\`] })),
  };
}

/** `Port_#0004.Hub_#0001` as `1-4`, which is how usbipd-win writes it, too. */
function hubAndPort(location: string | undefined): string | undefined {
  const [, port, hub] = /^Port_#(\d{1,4})\.Hub_#(\d{1,4})$/.exec(location ?? "") ?? [];
  return port === undefined || hub === undefined ? undefined : `${Number(hub)}-${Number(port)}`;
}

/** Of the classes that would fit an interface the first one says most: `USB\Class_ff&SubClass_00&Prot_01`. */
function toInterface({ compatible, reported }: Entity): UsbInterface | undefined {
  for (const each of compatible) {
    const match = /^USB\\Class_([\da-f]{2})&SubClass_([\da-f]{2})&Prot_([\da-f]{2})$/i.exec(each);
    if (match === null) continue;
    const [usbClass = NaN, subclass = NaN, protocol = NaN] = match.slice(1).map((hex) => parseInt(hex, 16));
    return { class: usbClass, subclass, protocol, name: reported };
  }
  return undefined;
}

const isDriveLetter = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Z]:$/.test(value);

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The elements of a list that are of a kind. PowerShell 5.1 writes some lists as `{"value": [...], "Count": 2}`, and one
 * of a single element may be that element alone.
 */
function listOf<T = Json>(
  value: unknown,
  isKind: (each: unknown) => each is T = isObject as (each: unknown) => each is T,
): T[] {
  if (Array.isArray(value)) return value.filter((each: unknown) => isKind(each));
  if (isObject(value) && Array.isArray(value["value"])) return listOf(value["value"], isKind);
  return isKind(value) ? [value] : [];
}

function textIn(value: Json, key: string): string | undefined {
  const text = value[key];
  return typeof text === "string" && text.trim() !== "" ? text.trim() : undefined;
}
