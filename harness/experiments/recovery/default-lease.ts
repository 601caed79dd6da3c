/**
 * How long a session waits after a kill where nobody asked for a shorter lease, in a step and in its idle window: one small
 * case at each engine's own default, which takes as long as that default.
 */
import { analysisOf } from "../../history/analysis.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import { terminate } from "../../processes/terminate.ts";
import { Case } from "../../run/case.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { recoveryRow } from "./row.ts";
import type { RecoveryRows } from "./rows.ts";
import { wakeRows } from "./wakes.ts";

const sessionsInStep = 20;
const sessionsInWait = 12;
const workers = 2;
/** Those in a step are in one of this length when a worker is killed, ms; those in their wait idle for as long. */
const stepMs = 5_000;
/** Whatever is not back after so many leases never comes back. */
const patienceLeases = 4;

/** A target whose engine says which lease it takes by itself. */
export interface TargetWithDefaultLease extends Target {
  readonly defaultLeaseMs: number;
}

export function hasDefaultLease(target: Target): target is TargetWithDefaultLease {
  return target.defaultLeaseMs !== null;
}

/** The name of its ledger. */
export const defaultLeaseLedger = "recovery-default-lease";

/**
 * Kills one of two workers while some sessions are in the middle of a step and others in their idle window, and waits until
 * all are done.
 */
export async function playAtDefaultLease(
  run: Run,
  target: TargetWithDefaultLease,
  retryDelayMs: number,
): Promise<RecoveryRows> {
  const leaseMs = target.defaultLeaseMs;
  const environment = await TargetEnvironment.open({
    run,
    target,
    experiment: defaultLeaseLedger,
    leaseMs,
    leaseIsDefault: true,
    retryDelayMs,
  });
  const client = environment.spawnClient("client", "default-lease");
  await client.firstMessage();
  const testCase = new Case(environment, "default-lease");
  const started = await Promise.all(Array.from({ length: workers }, () => testCase.startWorker()));
  const inWait = Array.from({ length: sessionsInWait }, (_, index) =>
    plainSpec(`waiting-${index}`, { activities: 1, idleTimeoutMs: stepMs }),
  );
  const inStep = Array.from({ length: sessionsInStep }, (_, index) =>
    plainSpec(`default-${index}`, { activities: 1 }),
  );
  for (const { sessionId } of inWait) await testCase.register(sessionId, "idempotent");
  for (const { sessionId } of inStep)
    await testCase.register(sessionId, "idempotent", { login: [stepMs, 0] });
  for (const spec of inWait) testCase.call(client, spec);
  await Promise.all(inWait.map(({ sessionId }) => testCase.idle(sessionId)));
  for (const spec of inStep) testCase.call(client, spec);
  await Promise.all(inStep.map(({ sessionId }) => testCase.begun(sessionId, "login")));
  await testCase.kill("one of two workers", "kill", started.slice(0, 1));
  await Promise.all(
    [...inWait, ...inStep].map(({ sessionId }) =>
      testCase.answered(sessionId, "caller", patienceLeases * leaseMs),
    ),
  );
  const history = await testCase.close();
  await terminate(client);
  await environment.close();
  const analysis = analysisOf(history, { leaseMs });
  const recoveries = recoveriesOf(history, analysis.exposure).get("kill") ?? [];
  const of = { target: target.name, faultKind: "kill", leaseMs, leaseIsDefault: true };
  return {
    recovery: [recoveryRow(recoveries, of)],
    wakes: wakeRows(target.name, analysis, true).filter(({ faultKind }) => faultKind === "kill"),
  };
}
