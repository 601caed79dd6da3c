/**
 * The client process of a load: it starts sessions as fast as its orders say, waits for each result, and tells the harness
 * how long each took. Nothing is written to any ledger: what is measured here is time.
 */
import { Bench } from "tinybench";
import type { ConnectClient, SessionClient } from "../../implementations/session/contract.ts";
import type { SessionSpec } from "../../implementations/session/spec.ts";
import { fromEnvironment, type LoadClientConfig } from "./process-config.ts";
import { startAtRate } from "./starts-at-rate.ts";
import { SteadyLoad, type SteadyOrder, type SteadyTally, type TallyOrder } from "./steady-load.ts";
import "./engine-imports.ts";

/** What the harness sends, one order at a time; answered by one {@link LoadRound} at its end. */
export interface LoadOrder {
  readonly kind: "round";
  /** Every session of the round is this one under an id of its own, which starts with this one's. */
  readonly spec: SessionSpec;
  /** New sessions are started for so long, ms; then those under way come to their end. */
  readonly forMs: number;
  /** No more than so many are started; no bound where it is left out. */
  readonly sessions?: number;
  readonly pace: Pace;
}

/**
 * `one by one`: a single caller. `closed`: so many callers, each of which starts its next session when the last has
 * ended. `rate`: a start is due every so often, whatever became of the earlier ones.
 */
export type Pace =
  | { readonly kind: "one by one" }
  | { readonly kind: "closed"; readonly callers: number }
  | { readonly kind: "rate"; readonly perSecond: number };

export interface LoadRound {
  /** Of each session that got its result, from its start (at a rate: from when that was due) to its result. */
  readonly latenciesMs: readonly number[];
  /** From the first start to the last result. */
  readonly tookMs: number;
}

const { implementation, deployment } = fromEnvironment<LoadClientConfig>();
const { connectClient }: { connectClient: ConnectClient } = await import(
  new URL("client.ts", implementation).href
);
const client = await connectClient(deployment);

let steady: SteadyLoad | null = null;

process.on("message", async (order: LoadOrder | SteadyOrder | TallyOrder) => {
  process.send?.(await answerTo(order));
});
process.on("SIGTERM", async () => {
  await client.close();
  process.exit(0);
});
process.on("disconnect", () => {}); // the harness is gone; its reaper decides what becomes of this process
process.send?.({ kind: "ready" });

async function answerTo(order: LoadOrder | SteadyOrder | TallyOrder): Promise<LoadRound | SteadyTally> {
  if (order.kind === "round") return play(client, order);
  if (order.kind === "steady") steady = new SteadyLoad(client, order);
  if (steady === null) throw new Error("a steady load was asked for its tally that nobody has ordered");
  return steady.tally();
}

async function play(
  sessions: SessionClient,
  { spec, forMs, sessions: most = Number.POSITIVE_INFINITY, pace }: LoadOrder,
): Promise<LoadRound> {
  let count = 0;
  const runOne = async () => {
    const handle = await sessions.start({ ...spec, sessionId: `${spec.sessionId}-${count++}` });
    await handle.result();
  };
  const startedAt = performance.now();
  const latenciesMs =
    pace.kind === "one by one"
      ? await oneByOne(runOne, forMs)
      : pace.kind === "closed"
        ? await closed(runOne, () => count < most && performance.now() < startedAt + forMs, pace.callers)
        : await atRate(runOne, forMs, pace.perSecond);
  return { latenciesMs, tookMs: performance.now() - startedAt };
}

async function oneByOne(runOne: () => Promise<void>, forMs: number): Promise<readonly number[]> {
  const bench = new Bench({ time: forMs, iterations: 1, warmup: false, retainSamples: true, throws: true });
  bench.add("session", runOne);
  const [task] = await bench.run();
  if (task?.result.state !== "completed") throw new Error(`tinybench ended as ${task?.result.state}`);
  return task.result.latency.samples ?? [];
}

async function closed(
  runOne: () => Promise<void>,
  goesOn: () => boolean,
  callers: number,
): Promise<readonly number[]> {
  const latenciesMs: number[] = [];
  const call = async () => {
    while (goesOn()) {
      const startedAt = performance.now();
      await runOne();
      latenciesMs.push(performance.now() - startedAt);
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return latenciesMs;
}

/** A start that comes late counts from when it was due: its caller waited too. */
async function atRate(
  runOne: () => Promise<void>,
  forMs: number,
  perSecond: number,
): Promise<readonly number[]> {
  const latenciesMs: Promise<number>[] = [];
  await startAtRate({ perSecond, forMs }, (_, dueAt) => {
    latenciesMs.push(runOne().then(() => performance.now() - dueAt));
  });
  return Promise.all(latenciesMs);
}
