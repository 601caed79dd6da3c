/** Which remote workers were cut off, and for how long. Pure. */
import type { FaultEntry, History } from "../../history/history.ts";
import { seconds } from "../../report/numbers.ts";
import type { ChaosRows, FaultRow } from "./rows.ts";

/** What a row says of a fault of that kind; nothing of another one. */
export function cutOffIn({ faultKind, ...fault }: FaultEntry, history: History): Pick<FaultRow, "cutOff"> {
  const [worker] = fault.workers;
  if (faultKind !== "cut-off" || worker === undefined) return {};
  const toMs = history.lastingFaults.find((each) => each.fault.fault === fault.fault)?.toMs ?? null;
  const heardAt = history.workers.get(worker)?.aliveAt.findLast((at) => at <= fault.at) ?? fault.at;
  return { cutOff: { worker, silentMs: toMs === null ? null : toMs - heardAt } };
}

/** A sentence for each time. */
export function cutOffSentences({ faults }: Pick<ChaosRows, "faults">): readonly string[] {
  return faults.flatMap(({ target, cutOff }) => {
    if (cutOff === undefined) return [];
    const { worker, silentMs } = cutOff;
    const silence = silentMs === null ? "and not heard of again" : `not heard of for ${seconds(silentMs)}`;
    return [`${worker} was cut off from ${target}, ${silence}.`];
  });
}
