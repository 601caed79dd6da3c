/**
 * Who polls: the processes that are connected, by group and by process id, and which of a group is to get
 * the next message.
 */
import type { Message } from "@resonatehq/sdk";
import type { Target } from "./address.ts";

/**
 * How many unacquired tasks one process may hold. What had piled up while nobody was there is handed out as it
 * is acquired: the first process to come back does not get it all, and the others find something left.
 */
export const taskWindow = 32;

/** The way to one connected process. */
export interface Outlet {
  write(message: Message): void;
  close(): void;
}

export class Connection {
  readonly group: string;
  readonly pid: string;
  readonly outlet: Outlet;
  /** Tasks whose execute message was written here and that nobody has acquired yet. */
  readonly heldTasks = new Set<string>();
  /** Until when other processes of the group are preferred, since this one left a message lying. */
  shunnedUntilMs = 0;

  constructor(group: string, pid: string, outlet: Outlet) {
    this.group = group;
    this.pid = pid;
    this.outlet = outlet;
  }
}

interface Group {
  readonly byPid: Map<string, Connection>;
  /** Counts up; its remainder is whose turn it is. */
  turn: number;
}

export class Connections {
  readonly #groups = new Map<string, Group>();

  /** Adds a connection and returns the one of the same process that it replaces, if any. */
  add(connection: Connection): Connection | undefined {
    const group = this.#groups.get(connection.group) ?? { byPid: new Map<string, Connection>(), turn: 0 };
    const replaced = group.byPid.get(connection.pid);
    group.byPid.set(connection.pid, connection);
    this.#groups.set(connection.group, group);
    return replaced;
  }

  /** Removes a connection, unless another one of its process has taken its place. */
  remove(connection: Connection): void {
    const group = this.#groups.get(connection.group);
    if (group?.byPid.get(connection.pid) !== connection) return;
    group.byPid.delete(connection.pid);
    if (group.byPid.size === 0) this.#groups.delete(connection.group);
  }

  all(): Connection[] {
    return [...this.#groups.values()].flatMap(({ byPid }) => [...byPid.values()]);
  }

  /**
   * The connection that a message for `target` goes to at `nowMs`. For `any`: the named process, else
   * whoever's turn it is, but none that still holds a window of unacquired tasks; a shunned one only where there is
   * nobody else, and `avoided` only where it is alone.
   */
  choose(target: Target, nowMs: number, avoided: Connection | null): Connection | null {
    const group = this.#groups.get(target.group);
    if (group === undefined) return null;
    if (target.cast === "uni") return group.byPid.get(target.pid) ?? null;

    const usable = (member: Connection) => member !== avoided && member.heldTasks.size < taskWindow;
    const named = target.pid === null ? undefined : group.byPid.get(target.pid);
    if (named !== undefined && usable(named) && named.shunnedUntilMs <= nowMs) return named;
    group.turn += 1;
    const members = [...group.byPid.values()];
    const inTurn = members.map((_, place) => members[(group.turn + place) % members.length] as Connection);
    return (
      inTurn.find((member) => usable(member) && member.shunnedUntilMs <= nowMs) ??
      inTurn.find(usable) ??
      (members.length === 1 ? avoided : null)
    );
  }
}
