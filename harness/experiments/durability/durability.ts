/**
 * The experiment `durability`: what it costs to survive power loss. The plug is not pulled; that each side does what it
 * says is shown by counting its syncs, and the price by sessions per second, taken in rounds in turn.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { UsageError } from "../../errors.ts";
import { dismiss } from "../../processes/dismiss.ts";
import type { Child } from "../../processes/reaper.ts";
import type { DurabilityRow } from "../../report/results-schema.ts";
import { Trial } from "../../run/case.ts";
import { Stage } from "../../run/environment.ts";
import { withCaseCounts } from "../../run/progress.ts";
import type { Run } from "../../run/run.ts";
import type { Experiment } from "../../run/run-experiments.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Durability } from "../../stores/store.ts";
import type { Target } from "../../targets/targets.ts";
import { unhurried } from "../profiles.ts";

const rounds = 3;
const sessionCount = 200;
const workers = 2;
/** How long strace may take to let go of a store. */
const detachMs = 5_000;

/**
 * Plays the targets one after another, so that they do not take each other's time.
 * @throws UsageError for a target whose store keeps what somebody else has set: each of its rows would be the same.
 */
export function durability(targets: readonly Target[]): Experiment {
  const given = targets.find((target) => target.given !== null);
  if (given !== undefined) {
    throw new UsageError(
      `The store of ${given.name} was running before the run, and cannot be told what to keep.`,
      "Leave its URL out, so that the run starts one of its own, or leave the target out with --targets.",
    );
  }
  return async (run) => {
    let before = Promise.resolve();
    const played = await withCaseCounts(
      targets,
      (target) => (1 + rounds) * target.durabilities.length,
      async (target, onCase) => {
        const turn = before;
        const done = Promise.withResolvers<void>();
        before = done.promise;
        await turn;
        return playRounds(run, target, onCase).finally(done.resolve);
      },
    );
    return {
      storeVersions: played.map(({ storeVersion }) => storeVersion),
      durability: played.flatMap(({ rows }) => rows),
    };
  };
}

async function playRounds(run: Run, target: Target, onCase: () => void) {
  const measured = new Map<Durability, { syncs: number | null; rates: number[] }>();
  let storeVersion = "";
  for (const kept of target.durabilities) {
    // Counting slows the store down, so that round is not timed.
    const counted = await playRound(run, target, kept, "syncs");
    measured.set(kept, { syncs: counted.syncs, rates: [] });
    storeVersion = counted.storeVersion;
    onCase();
  }
  for (let round = 1; round <= rounds; round++) {
    for (const kept of target.durabilities) {
      const { sessionsPerS } = await playRound(run, target, kept, `round-${round}`);
      measured.get(kept)?.rates.push(sessionsPerS);
      onCase();
    }
  }
  const rows = [...measured].map(([kept, { syncs, rates }]): DurabilityRow => {
    const [slowest = 0, median = 0, fastest = 0] = rates.toSorted((a, b) => a - b);
    const syncsPerSession = syncs === null ? null : syncs / sessionCount;
    return {
      target: target.name,
      durability: kept,
      sessions: sessionCount,
      syncsPerSession,
      slowest,
      median,
      fastest,
    };
  });
  return { storeVersion, rows };
}

async function playRound(run: Run, target: Target, kept: Durability, name: string) {
  const experiment = `durability-${kept}-${name}`;
  let tracer: SyncTracer | null = null;
  const stage = await Stage.open({
    ...{ run, experiment, target, ...unhurried, durability: kept },
    onStoreProcess: (store) => {
      if (name === "syncs") tracer = traceSyncs(run, store, experiment);
    },
  });
  const client = stage.spawnClient("client", "sessions");
  const trial = new Trial(stage, "sessions");
  await Promise.all([client.firstMessage(), ...Array.from({ length: workers }, () => trial.startWorker())]);
  const specs = Array.from({ length: sessionCount }, (_, index) =>
    plainSpec(`${experiment}-${index}`, { idleTimeoutMs: 100 }),
  );
  for (const { sessionId } of specs) await trial.register(sessionId, "idempotent");
  for (const spec of specs) trial.call(client, spec);
  await Promise.all(specs.map(({ sessionId }) => trial.answered(sessionId)));
  const own = await stage.store.traffic();
  const history = await trial.close();
  await dismiss(client);
  const traced = await (tracer as SyncTracer | null)?.stop();
  await stage.close();
  const calls = [...history.sessions.values()].flatMap((session) => session.calls.map(({ at }) => at));
  const results = [...history.sessions.values()].flatMap((session) => session.results.map(({ at }) => at));
  const tookS = (Math.max(...results) - Math.min(...calls)) / 1000;
  return {
    syncs: own.syncs ?? traced ?? null,
    sessionsPerS: results.length / tookS,
    storeVersion: stage.store.version,
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
