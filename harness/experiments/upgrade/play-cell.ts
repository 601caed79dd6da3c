/**
 * One cell: three sessions in one group are brought to their places, their worker is killed, and workers of the other version
 * come. Sessions that then do not end get the code back that they began with. What happened is in the ledger; nothing is
 * judged here.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Place } from "../../engines/upgrade.ts";
import type { EffectEntry } from "../../history/history.ts";
import { idleMsUnder } from "../../history/law.ts";
import type { Child } from "../../processes/reaper.ts";
import { Case } from "../../run/case.ts";
import type { CaseWorker } from "../../run/case-worker.ts";
import type { TargetEnvironment } from "../../run/environment.ts";
import type { CodeVersion, Entry } from "../../world/entry.ts";
import { type Cell, lastEffectOf, placesOf, type SessionPlace, sessionOf, specOf } from "./cells.ts";
import { lawsOf, stepAt } from "./changes.ts";

/** What begins the name of the fault by which the code is changed, and by which it is changed back. */
export const changeFault = "change";
export const backFault = "back";

/** A session that has landed nothing for so long does not end any more. */
const patienceLeases = 8;
/** So much of its window the waiting session has idled when the code changes: its wait is stored by then. */
const idledLeases = 1;

/** Where the code of each version is: a folder's URL. */
export interface Code {
  readonly published: string;
  readonly next: string;
}

interface Deployment {
  readonly cell: Cell;
  readonly testCase: Case;
  readonly environment: TargetEnvironment;
  readonly code: Code;
  /** What the ledger says of its sessions so far. */
  readonly own: readonly OwnEntry[];
}

type OwnEntry = Extract<Entry, { readonly session: string }>;

export async function playCell(
  cell: Cell,
  environment: TargetEnvironment,
  client: Child,
  code: Code,
): Promise<void> {
  const testCase = new Case(environment, cell.id);
  const sessions = new Set(placesOf(cell).map((place) => sessionOf(cell, place)));
  const own: OwnEntry[] = [];
  const unwatch = environment.recorder.watch((entry) => {
    if ("session" in entry && sessions.has(entry.session)) own.push(entry);
  });
  const deployment = { cell, testCase, environment, code, own };
  for (const place of placesOf(cell)) await testCase.register(sessionOf(cell, place), "idempotent");
  const clientOfNext = needsOwnClient(cell)
    ? environment.spawnClient(`${cell.id}-client`, cell.id, { implementation: code.next })
    : null;
  await clientOfNext?.firstMessage();
  const nextClient = clientOfNext ?? client;
  const [first, ...later] = versionsOf(cell);
  const worker = await startWorker(deployment, first);
  await bringToPlaces(deployment, cell.fleet === "backward" ? nextClient : client);
  await testCase.kill(`${changeFault} of ${cell.id}`, "kill-all", [worker]);

  for (const [place, { step, effect }] of cell.deaths ?? []) {
    const crash = { kind: "crash", when: "after", effect } as const;
    await environment.witness.arm(sessionOf(cell, place), step, crash);
  }
  const fleet = await Promise.all(later.map((version) => keepWorker(deployment, version)));
  if (placesOf(cell).includes("new")) testCase.call(nextClient, specOf(cell, "new", environment.leaseMs));
  const changedAt = Date.now();
  await untilOver(deployment);
  const changed = await Promise.all(fleet.map((slot) => slot.leave()));
  const open = unanswered(deployment);
  for (const { worker: name, child } of changed) {
    for (const place of open) await noteLog(deployment, name, child, place);
  }
  if (open.length > 0) {
    await testCase.kill(`${backFault} of ${cell.id}`, "kill-all", changed);
    await startWorker(deployment, first);
    // A retry that backs off ever longer waits no longer than it has failed so far.
    await untilOver(deployment, Date.now() - changedAt);
  }
  await testCase.close();
  unwatch();
  if (clientOfNext !== null) {
    clientOfNext.kill("SIGKILL"); // one that waits for a lost session would not leave
    await clientOfNext.exited;
  }
}

/** A caller of the next version needs its code where that is not only the lifecycle's. */
function needsOwnClient({ way, version }: Cell): boolean {
  return way === "safe" || version.edits.some(({ file }) => file !== "lifecycle.ts");
}

/** What the workers have before the change, and after it. */
function versionsOf({ fleet, way }: Cell): readonly [CodeVersion, ...CodeVersion[]] {
  const next = way === "safe" ? "both" : "next";
  if (fleet === "backward") return [next, "published"];
  return fleet === "mixed" ? ["published", "published", next] : ["published", next];
}

function startWorker({ testCase, code }: Deployment, version: CodeVersion): Promise<CaseWorker> {
  return testCase.startWorkerOf(version, version === "published" ? code.published : code.next);
}

/** The three sessions come to their places, and stay there: two in a step that does not return, one in its wait. */
async function bringToPlaces({ cell, testCase, environment }: Deployment, client: Child): Promise<void> {
  const { witness, leaseMs } = environment;
  const { from } = lawsOf(cell.change, cell.fleet);
  const hold = { kind: "hold", when: "after" } as const;
  await witness.arm(sessionOf(cell, "activities"), "record:1", { ...hold, effect: "append-activity" });
  await witness.arm(sessionOf(cell, "cleanup"), "cleanup", { ...hold, effect: "revoke-token" });
  const reached = (place: Place) => {
    const step = stepAt(place, from);
    const effect = place === "cleanup" ? "revoke-token" : lastEffectOf(step);
    const session = sessionOf(cell, place);
    return testCase.entry(
      (entry): entry is Entry =>
        entry.kind === "landed" &&
        entry.session === session &&
        entry.step === step &&
        entry.effect === effect,
    );
  };
  const start = (place: Place) => {
    if (!placesOf(cell).includes(place)) return null;
    testCase.call(client, specOf(cell, place, leaseMs));
    return reached(place);
  };
  await start("cleanup");
  const [, idle] = await Promise.all([start("activities"), start("wait")]);
  if (idle !== null) await delay(Math.max(0, idle.at + idledLeases * leaseMs - Date.now())); // the world's clock is this machine's
}

/** A slot in which there is always a worker of a version, whatever it dies of. */
interface Slot {
  /** No other comes when the one that is there dies; resolves with that one. */
  leave(): Promise<CaseWorker>;
}

async function keepWorker(deployment: Deployment, version: CodeVersion): Promise<Slot> {
  const { testCase } = deployment;
  let current = await startWorker(deployment, version);
  let isLeaving = false;
  const replaced = (async () => {
    for (;;) {
      const exit = await current.child.exited;
      if (isLeaving) return;
      await testCase.diedAt("its worst moment", current, exit);
      current = await startWorker(deployment, version);
    }
  })();
  replaced.catch(() => {}); // the case is broken then, and its close says so
  return {
    leave: async () => {
      isLeaving = true;
      return current;
    },
  };
}

/** Waits until every session has its answer, or lands nothing for so long that it will not, and for `leastMs` at least. */
async function untilOver(deployment: Deployment, leastMs = 0): Promise<void> {
  const { cell, environment, own } = deployment;
  const { leaseMs } = environment;
  const startedAt = Date.now();
  const { from, to } = lawsOf(cell.change, cell.fleet);
  for (;;) {
    const open = unanswered(deployment);
    const isOver = open.every((place) => {
      const landed = own.filter(
        (entry): entry is EffectEntry => entry.kind === "landed" && entry.session === sessionOf(cell, place),
      );
      const spec = specOf(cell, place, leaseMs);
      const idledAt = landed.findLast(({ effect }) => effect === "set-idle")?.at ?? 0;
      const dueAt = idledAt + Math.max(idleMsUnder(from, spec), idleMsUnder(to, spec));
      const since = Math.max(startedAt, dueAt, landed.at(-1)?.at ?? 0);
      return Date.now() - since > Math.max(patienceLeases * leaseMs, leastMs);
    });
    if (isOver) return;
    await delay(leaseMs / 10);
  }
}

/** The places of the sessions whose caller has neither a result nor an error. */
function unanswered({ cell, own }: Deployment): readonly SessionPlace[] {
  const answers = own.filter(({ kind }) => kind === "result" || kind === "result-failed");
  const answered = new Set(answers.map(({ session }) => session));
  return placesOf(cell).filter((place) => !answered.has(sessionOf(cell, place)));
}

/**
 * Writes down what a worker's log said of a session that does not end: the lines that name it, or else those that name none of the
 * cell, which may speak of any that does not.
 */
async function noteLog(
  { cell, environment: { witness } }: Deployment,
  worker: string,
  child: Child,
  place: SessionPlace,
): Promise<void> {
  const session = sessionOf(cell, place);
  const said = child.log().filter((line) => line.trim() !== "");
  const naming = said.filter((line) => line.includes(session));
  const lines = naming.length > 0 ? naming : said.filter((line) => !line.includes(`${cell.id}-`));
  const first = (lines[0] ?? "").slice(0, 300);
  await witness.note({ kind: "logged", session, worker, lines: lines.length, first });
}
