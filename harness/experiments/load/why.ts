/**
 * Why a target carries as much as it does, and no more: which processors its peak keeps busy, by whose code, and what its
 * store could answer if nothing else was there. Measured in one more turn, whose workers are profiled and whose figures are
 * used for nothing else: profiling costs time.
 */
import { mkdtempSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packagesOf } from "../../engines/packages.ts";
import {
  type CpuPart,
  cpuMsByPart,
  cpuParts,
  profilingInto,
  readCpuProfile,
} from "../../processes/cpu-profile.ts";
import type { Run } from "../../run/run.ts";
import type { RateAlone } from "../../stores/store.ts";
import { engineOf } from "../../targets/targets.ts";
import type { Measured } from "./arm.ts";
import { medianOf } from "./bootstrap.ts";
import { medianOrNull } from "./found.ts";
import type { LoadBoundRow } from "./rows.ts";
import { ratesOf, type Taken, type Turns } from "./turns.ts";

/** A thread that works for so much of its time, and a machine whose processors do, have nothing left to give. */
const full = 0.9;

/** What bounds a target, of the setting at which it carried most. */
export async function boundOf(run: Run, turns: Turns, peak: Taken): Promise<LoadBoundRow> {
  const { target, setting } = peak.cell;
  const folder = mkdtempSync(join(run.reaper.folder, "profiles-"));
  const { measured, workers, isOneThread, rateAlone } = await turns.profiled(
    peak.cell,
    profilingInto(folder),
  );
  const packages = packagesOf(engineOf(target));
  const profiles = workers.map((worker) => readCpuProfile(folder, worker));
  const times = profiles.map(
    (profile) => profile && measured && cpuMsByPart(profile, measured.window, packages),
  );
  return {
    target: target.name,
    clients: setting.clients ?? 1, // a peak is of clients that wait
    workers: setting.workers,
    cores: availableParallelism(),
    ...boundIn(peak.rounds, { workers: setting.workers, isOneThread, cores: availableParallelism() }),
    parts: sharesOf(times),
    ...limitOf(peak.rounds, rateAlone),
  };
}

type Processors = Pick<LoadBoundRow, "workerProcessors" | "storeProcessors" | "clientProcessors">;

/** What a target has at most. */
interface Machinery {
  readonly workers: number;
  readonly cores: number;
  /** Whether its store answers by one thread. */
  readonly isOneThread: boolean;
}

function boundIn(rounds: readonly Measured[], has: Machinery): Processors & Pick<LoadBoundRow, "boundBy"> {
  const processorsOf = (kind: keyof Measured["processors"]) =>
    medianOrNull(rounds.map(({ processors }) => processors[kind]));
  const found = {
    workerProcessors: processorsOf("workers"),
    storeProcessors: processorsOf("store"),
    clientProcessors: processorsOf("client"),
  };
  return { ...found, boundBy: boundBy(found, has) };
}

/** Pure. */
export function boundBy(
  { workerProcessors, storeProcessors, clientProcessors }: Processors,
  { workers, cores, isOneThread }: Machinery,
): LoadBoundRow["boundBy"] {
  if (workerProcessors === null || storeProcessors === null || clientProcessors === null) return "unknown";
  if (workerProcessors + storeProcessors + clientProcessors >= full * cores) return "processors";
  if (clientProcessors >= full) return "client";
  if (isOneThread && storeProcessors >= full) return "store";
  if (workerProcessors >= full * workers) return "workers";
  return "waiting";
}

/** Of the time of all workers' threads; null where one of them left no profile of the round. Pure. */
export function sharesOf(
  times: readonly (Readonly<Record<CpuPart, number>> | null)[],
): LoadBoundRow["parts"] {
  const known = times.filter((time) => time !== null);
  if (known.length === 0 || known.length < times.length) return null;
  const msOf = (part: CpuPart) => known.reduce((sum, time) => sum + time[part], 0);
  const allMs = cpuParts.reduce((sum, part) => sum + msOf(part), 0);
  return cpuParts.map((part) => ({ part, share: msOf(part) / allMs }));
}

/** What the store could carry if it had nothing to do but to answer as many requests as the sessions make. Pure. */
export function limitOf(
  rounds: readonly Pick<Measured, "requestsPerSession" | "sessionsPerSecond">[],
  alone: RateAlone | undefined,
): Pick<LoadBoundRow, "request" | "requestsAlone" | "limit" | "shareOfLimit" | "whyNoLimit"> {
  const none = { request: null, requestsAlone: null, limit: null, shareOfLimit: null };
  if (alone === undefined) return { ...none, whyNoLimit: "nobody knows how to ask this store" };
  if (alone.kind === "unknown") return { ...none, whyNoLimit: alone.why };
  const { request, perSecond } = alone;
  const requestsPerSession = medianOrNull(rounds.map((round) => round.requestsPerSession));
  if (requestsPerSession === null)
    return {
      ...none,
      request,
      requestsAlone: perSecond,
      whyNoLimit: "the store does not count its requests",
    };
  const limit = perSecond / requestsPerSession;
  const peak = medianOf(ratesOf(rounds));
  return { request, requestsAlone: perSecond, limit, shareOfLimit: peak / limit, whyNoLimit: null };
}
