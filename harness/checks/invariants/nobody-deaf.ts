/**
 * A worker that lives and hears of no work any more costs what a dead one costs, and nobody starts another in its place. Once
 * everything is healed, each worker in turn is alone (the others are frozen, so that no neighbour hides it) and is offered probe
 * sessions. It judges workers, not sessions, and finds the same in either mode.
 *
 *     hears      offered ── started ×8 ── W begins one
 *     deaf       offered ── started ×8 ──────── four leases ──────── offer-ended
 *     undecided  the same, where W stood still, or a start was not acknowledged, or somebody else may have taken the probes
 *
 * That W's store did not answer the question that goes with its beat is no excuse: the store is healed, and other connections to
 * it work. A probe that a frozen worker had taken is begun after the thaw; that says nothing of whoever was offered it.
 */
import type { History, WorkerLife } from "../../history/history.ts";
import type { Offer } from "../../history/offers.ts";
import { isDoneToAll } from "../../history/outages.ts";
import type { Finding, Invariant, Judged } from "../invariant.ts";
import { stoodStill } from "../starved.ts";

/** A worker that has begun none of its probes after so many leases is deaf. */
export const deafAfterLeases = 4;

/** Where nothing was offered, nothing can be said: the verdict becomes `unknown`. */
class NothingOfferedError extends Error {
  override readonly name = "NothingOfferedError";
  constructor() {
    super(
      "no worker was offered work alone: the run ended before that, or its experiment does not offer any",
    );
  }
}

export const nobodyDeaf: Invariant<"nobody-deaf"> = {
  id: "nobody-deaf",
  sentence: "once all is healed, each worker that lives begins work within four leases where it alone can",
  check: (judged) => {
    const { history } = judged;
    if (history.offers.length === 0) throw new NothingOfferedError();
    let undecided = 0;
    const exposed = new Map<string, readonly string[]>();
    const violations: Finding["violations"][number][] = [];
    for (const offer of history.offers) {
      const { worker } = offer.offered;
      const found = hears(offer, judged);
      if (found === null) {
        undecided += 1;
        continue;
      }
      const faults = faultsBehind(worker, offer.offered.at, history);
      if (faults.length > 0) exposed.set(worker, faults);
      if (!found) violations.push({ session: worker, what: silence(offer), evidence: evidenceOf(offer) });
    }
    return { sessions: history.offers.length, undecided, exposed, violations };
  },
};

/** Whether the worker began any of its probes; null where it did not, and may have a reason. */
function hears({ offered, ended, starts, begins }: Offer, { history, leaseMs }: Judged): boolean | null {
  const { worker, frozen, sessions } = offered;
  if (begins.some((begin) => begin.worker === worker)) return true;
  const life = history.workers.get(worker);
  const lastStart = starts.at(-1);
  if (life === undefined || ended === null || lastStart === undefined || starts.length < sessions.length)
    return null;
  if (ended.at - lastStart.at < deafAfterLeases * leaseMs) return null;
  if (life.death !== null && life.death.at < ended.at) return null;
  const wasAlone = [...history.workers.values()].every(
    (other) =>
      other.worker === worker || frozen.includes(other.worker) || !isThere(other, offered.at, ended.at),
  );
  return wasAlone && !stoodStill(life, offered.at, ended.at, leaseMs) ? false : null;
}

function isThere({ ready, death }: WorkerLife, fromMs: number, toMs: number): boolean {
  return ready !== null && ready.at < toMs && (death?.at ?? toMs) > fromMs;
}

/** The faults that came over this life, its store, or the life in whose place it is, by id. */
function faultsBehind(worker: string, untilMs: number, { workers, faults }: History): readonly string[] {
  const life = workers.get(worker);
  const [slot, number] = worker.split("#");
  const before = workers.get(`${slot}#${Number(number) - 1}`)?.killedBy;
  const bornAt = life?.spawned?.at ?? 0;
  const common = faults.filter(
    (fault) =>
      (isDoneToAll(fault) || fault.shift?.ofStore === true) && fault.at >= bornAt && fault.at < untilMs,
  );
  const own = [...(life?.faults ?? []), ...common]
    .filter(({ at }) => at < untilMs)
    .toSorted((a, b) => a.at - b.at);
  return [...new Set([...(before == null ? [] : [before]), ...own].map(({ fault }) => fault))];
}

function silence({ offered, ended, starts }: Offer): string {
  const { sessions, frozen } = offered;
  const waitedMs = (ended?.at ?? 0) - (starts.at(-1)?.at ?? 0);
  const others = frozen.length === 0 ? "nobody else was there" : `${frozen.join(", ")} stood still`;
  return `began none of ${sessions.length} probe sessions within ${waitedMs} ms of the last start, while ${others}`;
}

function evidenceOf({ offered, ended, starts }: Offer): Finding["violations"][number]["evidence"] {
  return [offered, ...starts.slice(-1), ...(ended === null ? [] : [ended])];
}
