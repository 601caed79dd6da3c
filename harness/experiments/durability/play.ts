/**
 * Plays sessions at each durability. The plug is not pulled; that each target does what it says is shown by counting its
 * syncs, and the price by sessions per second, taken in rounds in turn.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import type { Child } from "../../processes/reaper.ts";
import { terminate } from "../../processes/terminate.ts";
import { Case } from "../../run/case.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Part } from "../../run/run-experiments.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import type { Durability } from "../../stores/store.ts";
import type { DurabilityRow } from "./rows.ts";
import type { DurabilitySettings } from "./settings.ts";

/** How long strace may take to let go of a store. */
const detachMs = 5_000;

/** Plays the targets one after another, so that they do not take each other's time. */
export function playDurability(targets: readonly Target[], settings: DurabilitySettings): Part {
  return async (run) => {
    const inTurn = pLimit(1);
    const rows = await withCaseCounts(
      targets,
      (target) => (1 + settings.rounds) * target.durabilities.length,
      (target, onCase) => inTurn(() => playRounds(run, target, settings, onCase)),
    );
    return { durability: rows.flat() };
  };
}

async function playRounds(
  run: Run,
  target: Target,
  settings: DurabilitySettings,
  onCase: () => void,
): Promise<readonly DurabilityRow[]> {
  const measured = new Map<Durability, { syncs: number | null; rates: number[] }>();
  for (const kept of target.durabilities) {
    // Counting slows the store down, so that round is not timed.
    const counted = await playRound(run, target, kept, settings, "syncs");
    measured.set(kept, { syncs: counted.syncs, rates: [] });
    onCase();
  }
  for (let round = 1; round <= settings.rounds; round++) {
    for (const kept of target.durabilities) {
      const { sessionsPerS } = await playRound(run, target, kept, settings, `round-${round}`);
      measured.get(kept)?.rates.push(sessionsPerS);
      onCase();
    }
  }
  return [...measured].map(([kept, { syncs, rates }]): DurabilityRow => {
    const [slowest = 0, median = 0, fastest = 0] = rates.toSorted((a, b) => a - b);
    const { sessions } = settings;
    const syncsPerSession = syncs === null ? null : syncs / sessions;
    return { target: target.name, durability: kept, sessions, syncsPerSession, slowest, median, fastest };
  });
}

async function playRound(
  run: Run,
  target: Target,
  kept: Durability,
  { sessions, workers, leaseMs, retryDelayMs }: DurabilitySettings,
  name: string,
) {
  const experiment = `durability-${kept}-${name}`;
  const environment = await TargetEnvironment.open({
    run,
    experiment,
    target,
    leaseMs,
    retryDelayMs,
    durability: kept,
  });
  const [store] = environment.storeProcesses;
  const tracer = store !== undefined && name === "syncs" ? traceSyncs(run, store, experiment) : null;
  const client = environment.spawnClient("client", "sessions");
  const testCase = new Case(environment, "sessions");
  await Promise.all([
    client.firstMessage(),
    ...Array.from({ length: workers }, () => testCase.startWorker()),
  ]);
  const specs = Array.from({ length: sessions }, (_, index) =>
    plainSpec(`${experiment}-${index}`, { idleTimeoutMs: 100 }),
  );
  for (const { sessionId } of specs) await testCase.register(sessionId, "idempotent");
  for (const spec of specs) testCase.call(client, spec);
  await Promise.all(specs.map(({ sessionId }) => testCase.answered(sessionId)));
  const own = await environment.store.traffic();
  const history = await testCase.close();
  await terminate(client);
  const traced = await tracer?.stop();
  await environment.close();
  const calls = [...history.sessions.values()].flatMap((session) => session.calls.map(({ at }) => at));
  const results = [...history.sessions.values()].flatMap((session) => session.results.map(({ at }) => at));
  const tookS = (Math.max(...results) - Math.min(...calls)) / 1000;
  return {
    syncs: own.syncs ?? traced ?? null,
    sessionsPerS: results.length / tookS,
  };
}

interface SyncTracer {
  /** Resolves with the calls of fsync and fdatasync so far; null where nobody could count them, or not until now. */
  stop(): Promise<number | null>;
}

/**
 * Counts a process's syncs from outside, by strace where there is one (Linux), since Redis has no counter of its own. One
 * that may not attach ends at once and leaves an empty list behind, in which nothing was counted.
 */
export function traceSyncs(
  { reaper }: Pick<Run, "reaper">,
  store: Pick<Child, "pid">,
  name: string,
): SyncTracer | null {
  const summary = join(reaper.folder, `${name}.syncs`);
  const hasStrace = (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, "strace")));
  if (!hasStrace) return null;
  const options = ["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", summary];
  const strace = reaper.spawn({
    name: `strace-${name}`,
    file: "strace",
    args: [...options, "-p", String(store.pid)],
  });
  let isCounting = true;
  void strace.exited.then(() => {
    isCounting = false;
  });
  return {
    async stop() {
      if (!isCounting) return null;
      strace.kill("SIGINT");
      await Promise.race([strace.exited, delay(detachMs, null, { ref: false })]);
      return readFileSync(summary, "utf8")
        .split("\n")
        .filter((line) => /f(data)?sync\(/.test(line)).length;
    },
  };
}
