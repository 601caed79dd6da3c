/** What a session that is stuck costs its worker and the store, for as long as it is. */
import { setTimeout as delay } from "node:timers/promises";
import type { SessionSpec } from "../../../../implementations/session/spec.ts";
import type { ProxyConnection, ProxyTraffic } from "../../../faults/network-proxy/proxy.ts";
import type { Clock } from "../../../processes/clock/clock.ts";
import { terminate } from "../../../processes/terminate.ts";
import type { Case } from "../../../run/case.ts";
import type { CaseWorker } from "../../../run/case-worker.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";
import { engineOf } from "../../../targets/targets.ts";

const step = "record:1";
const watchedMs = 4_000;
const aheadMs = 5_000;
/** More often than an honest retry delay lets it happen within a claim; a hot loop that ends sooner shows all the same. */
const often = 10_000;
/** Until whoever starts has come to rest, and until what is stuck is. */
const settledLeases = 2;

interface Cause {
  readonly name: string;
  readonly what: string;
  /** Gets the session stuck; resolves with how to end what it started for that, once it is. */
  start(
    context: ScenarioContext,
    testCase: Case,
    spec: SessionSpec,
    clock: Clock,
  ): Promise<() => Promise<unknown>>;
}

const clockAhead: Cause = {
  name: "clock-ahead",
  what: `a clock that is ${aheadMs / 1000} s ahead`,
  async start({ client, leaseMs }, testCase, spec, clock) {
    await testCase.startWorker(); // whose clock is right: the two may hand a session that waits to each other
    clock.move(aheadMs);
    testCase.call(client, { ...spec, idleTimeoutMs: 2 * (watchedMs + settledLeases * leaseMs) });
    await testCase.begun(spec.sessionId, "mark-idle");
    await delay(settledLeases * leaseMs);
    return async () => {};
  },
};

const unencodable: Cause = {
  name: "unencodable",
  what: "a result that cannot be encoded",
  async start({ environment, client, leaseMs }, testCase, spec) {
    const order = { kind: "unencodable", effect: "append-activity" } as const;
    await environment.witness.arm(spec.sessionId, step, order, often);
    testCase.call(client, spec);
    await testCase.begun(spec.sessionId, step);
    await delay(settledLeases * leaseMs);
    return async () => {};
  },
};

function unknownFunction(implementation: string): Cause {
  return {
    name: "unknown-function",
    what: "a function that is not registered",
    async start({ environment, leaseMs }, testCase, spec) {
      const client = environment.spawnClient(testCase.group, testCase.group, { implementation });
      await client.firstMessage();
      testCase.call(client, spec);
      await delay(settledLeases * leaseMs);
      return () => terminate(client);
    },
  };
}

export const noHotLoop: Claim = {
  id: "no-hot-loop",
  sentence: "A session that is stuck costs its worker a few tries per second, and no more.",
  provocation: `A worker is watched while it has nothing to do, and again while one session is stuck: by a result that cannot be encoded, in its wait while the worker's clock is ${aheadMs / 1000} s ahead and another's is right, or by a function that is not registered, where the engine has a registry. Counted are what passes between it and the store, and the lines of its log, for ${watchedMs / 1000} s each; requests that are sent together count as one. What it does with nothing to do is subtracted.`,
  needsProxy: true,
  isLong: true,
  meaning:
    "A loop without a pause takes a core of the worker and of the store away from all other sessions, and fills the disk with its log.",
  async play(context) {
    const { unknownFunctionClient } = engineOf(context.environment.target);
    const causes = [
      unencodable,
      clockAhead,
      ...(unknownFunctionClient === undefined ? [] : [unknownFunction(unknownFunctionClient)]),
    ];
    return (await Promise.all(causes.map((cause) => context.whenFree(() => watch(context, cause))))).flat();
  },
};

async function watch(context: ScenarioContext, { name, what, start }: Cause): Promise<readonly Evidence[]> {
  const { environment, openCase, leaseMs } = context;
  const spec = plainSpec(`stuck-${name}`);
  const testCase = openCase(spec.sessionId);
  await testCase.register(spec.sessionId, "naive");
  const { proxy, where } = await environment.openWorkerProxy();
  const clock = environment.openClock(name);
  const worker = await testCase.start((id) =>
    environment.spawnWorker(id, testCase.group, { ...where, variables: clock.ofNode }),
  );
  await delay(settledLeases * leaseMs);
  const idle = await ratesOf(worker, proxy);
  const end = await start(context, testCase, spec, clock);
  const stuck = await ratesOf(worker, proxy);
  await end();
  await testCase.close();
  await proxy.close();

  const { requestsPerS = null, linesPerS = null } = engineOf(environment.target).stuckSession ?? {};
  const more = (rate: keyof Rates) => Math.max(0, Math.round(stuck[rate] - idle[rate]));
  const within = (unit: string, value: number, most: number | null) => {
    const figure = `${unit} per second, with ${what}`;
    return most === null ? measured(figure, value) : expected(figure, value, [0, most]);
  };
  return [
    within("requests", more("requests"), requestsPerS),
    within("lines of its log", more("lines"), linesPerS),
    measured(`bytes per second, with ${what}`, more("bytes"), "bytes"),
    measured(`requests per second with nothing to do, before ${what}`, Math.round(idle.requests)),
  ];
}

interface Rates {
  readonly requests: number;
  readonly bytes: number;
  readonly lines: number;
}

/** What a worker sends and writes per second, from now on for a while. */
async function ratesOf({ child }: CaseWorker, proxy: ProxyConnection): Promise<Rates> {
  const before = { ...proxy.traffic, lines: child.log().length };
  const startedAt = performance.now();
  await delay(watchedMs);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = { ...proxy.traffic, lines: child.log().length };
  const rate = (what: keyof ProxyTraffic | "lines") => (after[what] - before[what]) / seconds;
  return {
    requests: rate("roundTrips"),
    bytes: rate("bytesToStore") + rate("bytesFromStore"),
    lines: rate("lines"),
  };
}
