/** A worker of a case, by its name and its end. */
import type { Child, Exit } from "../processes/reaper.ts";
import type { Entry } from "../world/entry.ts";

/** A process of the case that executes lifecycles. */
export interface CaseWorker {
  readonly worker: string;
  readonly child: Child;
}

/** The group that a worker of a case belongs to, by its name. Pure. */
export function groupOf(worker: string): string {
  return worker.slice(0, worker.lastIndexOf("#"));
}

/** Whether an entry is about one of the sessions, or about workers, of the case in this group. Pure. */
export function isOfCase(group: string, sessions: ReadonlySet<string>, entry: Entry): boolean {
  const isOwn = (worker: string) => groupOf(worker) === group;
  if ("session" in entry) return sessions.has(entry.session);
  if ("worker" in entry) return isOwn(entry.worker);
  return entry.kind === "fault" && entry.workers.some(isOwn);
}

export function isExit(message: unknown): message is Exit {
  return typeof message === "object" && message !== null && "signal" in message;
}
