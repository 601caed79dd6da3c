/** How much a session may carry, and what becomes of one that carries more. */
import { setTimeout as delay } from "node:timers/promises";
import type { History } from "../../../history/history.ts";
import { answers, landingsOf } from "../../../history/observe.ts";
import type { Child } from "../../../processes/reaper.ts";
import { terminate } from "../../../processes/terminate.ts";
import type { Case } from "../../../run/case.ts";
import type { TargetEnvironment } from "../../../run/environment.ts";
import { plainSpec } from "../../../run/sample-session.ts";
import { longLease } from "../../../run/timing.ts";
import { type Claim, type Evidence, expected, measured } from "../../../scenarios/claim.ts";
import type { ScenarioContext } from "../../../scenarios/scenario.ts";
import { KeptWorker } from "./kept-worker.ts";

/** 64 B to 16 MiB, each eight times the one before. */
const sizes = Array.from({ length: 7 }, (_, power) => 64 * 8 ** power);
/** How long a session may take, whatever it carries; what takes longer has failed. */
const patienceMs = 20_000;
/** How long another session may take, beside one that is tried again and again. */
const patienceBesideMs = 60_000;
const often = 1_000;

const carriers = ["activity", "result"] as const;
type Carrier = (typeof carriers)[number];

export const tooLarge: Claim = {
  id: "too-large",
  sentence:
    "What is too large is refused to the caller or fails with a line of log; no worker ends, and other sessions go on.",
  provocation: `Sessions whose only activity, or whose first activity's result, is of 64 bytes and eight times more each time, up to 16 MiB or the first that does not come through within ${patienceMs / 1000} s. Another session is started after each of them.`,
  isLong: true,
  meaning:
    "Large things belong into a store for large things, and a reference to them into the session: whatever a session carries is written and read again at its steps.",
  play: async (context) =>
    (await Promise.all(carriers.map((carrier) => context.whenFree(() => grow(context, carrier))))).flat(),
};

async function grow(context: ScenarioContext, carrier: Carrier): Promise<readonly Evidence[]> {
  const environment = await context.openEnvironment(`too-large-${carrier}`, longLease.leaseMs);
  const testCase = context.openCase(`too-large-${carrier}`, environment);
  const client = environment.spawnClient("client", testCase.group);
  await client.firstMessage();
  const kept = new KeptWorker(testCase);
  await kept.start();
  const played: number[] = [];
  let linesBefore = 0;
  for (const size of sizes) {
    played.push(size);
    linesBefore = kept.logLines;
    if (!(await comesThrough(environment, testCase, client, { carrier, size }))) break;
  }
  const lines = kept.logLines - linesBefore;
  const beside = played.map((size) => testCase.answered(idBeside({ carrier, size })));
  await Promise.race([Promise.all(beside), delay(patienceBesideMs)]);
  await kept.end();
  const history = await testCase.close();
  await terminate(client);
  await environment.close();
  return evidenceOf(history, { carrier, played, lines, ended: kept.deaths.length });
}

interface Load {
  readonly carrier: Carrier;
  readonly size: number;
}

const idOf = ({ carrier, size }: Load) => `large-${carrier}-${size}`;
const idBeside = (load: Load) => `beside-${idOf(load)}`;

/** Plays a session that carries so much, and another one. Resolves with whether its caller got its result. */
async function comesThrough(
  { witness }: TargetEnvironment,
  testCase: Case,
  client: Child,
  load: Load,
): Promise<boolean> {
  const { carrier, size } = load;
  const sessionId = idOf(load);
  const flavour = carrier === "activity" ? "x".repeat(size) : "plain";
  await testCase.register(sessionId, "naive");
  await testCase.register(idBeside(load), "naive");
  if (carrier === "result") {
    const order = { kind: "large", effect: "append-activity", length: size } as const;
    await witness.arm(sessionId, "record:0", order, often);
  }
  testCase.call(client, plainSpec(sessionId, { activities: 1, flavour }));
  testCase.call(client, plainSpec(idBeside(load)));
  const answered = Promise.all([testCase.answered(sessionId), testCase.answered(idBeside(load))]);
  const [answer] = (await Promise.race([answered, delay(patienceMs, null)])) ?? [];
  return answer?.kind === "result";
}

interface Grown {
  readonly carrier: Carrier;
  readonly played: readonly number[];
  /** Of logs, since the last session was started. */
  readonly lines: number;
  /** Workers that ended by themselves. */
  readonly ended: number;
}

function evidenceOf(history: History, { carrier, played, lines, ended }: Grown): readonly Evidence[] {
  const right = played.filter((size) => isRight(history, { carrier, size }));
  const besideMs = played.flatMap((size) => tookMs(history, idBeside({ carrier, size })) ?? []);
  const [beyond] = played.filter((size) => !right.includes(size));
  const refusals = beyond === undefined ? 0 : refusalsOf(history, idOf({ carrier, size: beyond }));
  return [
    measured(`largest ${carrier} that came through right`, right.at(-1) ?? null, "bytes"),
    ...(beyond === undefined
      ? []
      : [
          measured(`callers to whom the next ${carrier}, eight times as large, was refused`, refusals),
          expected(`refusals and lines of log that say so, of that ${carrier}`, refusals + lines, [1, null]),
        ]),
    expected(
      `other sessions that did not finish, beside each ${carrier}`,
      played.length - besideMs.length,
      0,
    ),
    measured(`longest that another session took, beside each ${carrier}`, Math.max(0, ...besideMs), "ms"),
    expected(`workers that ended by themselves, with each ${carrier}`, ended, 0),
  ];
}

/** Whether its caller got a result, and its activity landed whole. */
function isRight(history: History, load: Load): boolean {
  const sessionId = idOf(load);
  const [landed] = landingsOf(history, sessionId, "append-activity");
  const length = landed?.payload.activity?.target.length;
  return answers(history, sessionId) === 1 && (load.carrier === "result" || length === load.size);
}

/** From the start of a session to its result, ms; null where there is none. */
function tookMs(history: History, sessionId: string): number | null {
  const { calls = [], results = [] } = history.sessions.get(sessionId) ?? {};
  const [[called], [answered]] = [calls, results];
  return called === undefined || answered === undefined ? null : answered.at - called.at;
}

function refusalsOf(history: History, sessionId: string): number {
  const entries = history.sessions.get(sessionId)?.entries ?? [];
  return entries.filter(({ kind }) => kind === "start-failed" || kind === "result-failed").length;
}
