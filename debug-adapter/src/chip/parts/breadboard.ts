import { UserError } from "../../base/errors";
import type { Connection, Net } from "../net";
import type { PlainState } from "../plain-state";
import { buildPart } from "./build-part";
import type { Board, BoardHooks, Part, SerialLine } from "./part";
import { checkWiring, type PartSpec } from "./part-spec";
import type { Scheduler } from "../scheduler";

/** What the chip offers to be wired. */
export interface Sockets {
  readonly scheduler: Scheduler;
  readonly hooks: BoardHooks;
  readonly net: (pin: number) => Net;
  readonly serialLine: (index: 0 | 1) => SerialLine;
}

interface Wired {
  readonly spec: PartSpec;
  readonly part: Part;
  /** All that the part has taken from the board, in the order in which it did. */
  readonly connections: readonly Connection[];
}

/**
 * The parts of a board, which may be wired and taken off while the machine runs. Drivers, listeners and timed events of
 * parts come behind those of the chip, in the order of the list, however it came about: so the same parts have the same
 * places in every state, and a snapshot fits any board with the same list.
 */
export class Breadboard {
  private wired: readonly Wired[] = [];

  constructor(private readonly sockets: Sockets) {}

  get parts(): readonly Part[] {
    return this.wired.map(({ part }) => part);
  }

  get specs(): readonly PartSpec[] {
    return this.wired.map(({ spec }) => spec);
  }

  get states(): readonly (PlainState & object)[] {
    return this.wired.map(({ part }) => part.state as PlainState & object);
  }

  /**
   * Wires a part: it has just been switched on.
   * @throws UserError if one of its pins, or its name, is in use
   */
  wire(spec: PartSpec): void {
    checkWiring([...this.specs, spec]);
    const connections: Connection[] = [];
    const part = buildPart(spec, this.boardFor(connections));
    this.wired = [...this.wired, { spec, part, connections }];
  }

  /**
   * Takes a part off.
   * @throws UserError if there is none of that name
   */
  unwire(name: string): void {
    const wired = this.wired.find(({ spec }) => spec.name === name);
    if (wired === undefined) throw noSuchPart(name, this.specs);
    this.wired = this.wired.filter((each) => each !== wired);
    for (const connection of wired.connections) connection.remove();
  }

  /** Makes the list of parts this one; parts that were there as well are only kept where the whole list is the same. */
  become(specs: readonly PartSpec[]): void {
    if (JSON.stringify(specs) === JSON.stringify(this.specs)) return;
    for (const { name } of this.specs) this.unwire(name);
    for (const spec of specs) this.wire(spec);
  }

  private boardFor(connections: Connection[]): Board {
    const { scheduler, hooks, net, serialLine } = this.sockets;
    const keep = <Kept extends Connection>(connection: Kept): Kept => {
      connections.push(connection);
      return connection;
    };
    return {
      hooks,
      scheduler: {
        get now() {
          return scheduler.now;
        },
        addEvent: (name, onDue) => keep(scheduler.addEvent(name, onDue)),
      },
      net: (pin) => {
        const wire = net(pin);
        return {
          get isHigh() {
            return wire.isHigh;
          },
          addDriver: (name) => keep(wire.addDriver(name)),
          listen: (listener) => void keep(wire.listen(listener)),
        };
      },
      serialLine: (index) => {
        const line = serialLine(index);
        return {
          onSent: (listener) => keep(line.onSent(listener)),
          feed: (characters) => line.feed(characters),
          get baudRate() {
            return line.baudRate;
          },
        };
      },
    };
  }
}

/** That nothing is wired under a name, with the names that there are. */
export function noSuchPart(name: string, specs: readonly PartSpec[]): UserError {
  const names = specs.map((spec) => spec.name);
  const remedy = names.length > 0 ? `the parts are ${names.join(", ")}` : "nothing is wired to the board";
  return new UserError(`No part is called "${name}"`, remedy);
}
