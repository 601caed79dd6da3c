/**
 * How long a session waits after a kill where nobody asked for a shorter lease: one small case at each engine's own
 * default, which takes as long as that default.
 */
import { stepsOf } from "../../../implementations/session/steps.ts";
import { analysisOf } from "../../history/analysis.ts";
import { recoveriesOf } from "../../history/recovery.ts";
import { terminate } from "../../processes/terminate.ts";
import { Case } from "../../run/case.ts";
import { TargetEnvironment } from "../../run/environment.ts";
import type { Run } from "../../run/run.ts";
import { plainSpec } from "../../run/sample-session.ts";
import type { Target } from "../../run/target.ts";
import { recoveryRow } from "./row.ts";
import type { RecoveryRow } from "./rows.ts";

const sessionCount = 20;
const workers = 2;
/** Each session is in a step of this length when a worker is killed, ms. */
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

/** Kills one of two workers in the middle of its sessions' steps, and waits until others have taken all of them over. */
export async function playAtDefaultLease(
  run: Run,
  target: TargetWithDefaultLease,
  retryDelayMs: number,
): Promise<RecoveryRow> {
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
  const specs = Array.from({ length: sessionCount }, (_, index) =>
    plainSpec(`default-${index}`, { activities: 1 }),
  );
  const work = Object.fromEntries(
    stepsOf(1).map((step): [string, [number, number]] => [step, [step === "login" ? stepMs : 0, 0]]),
  );
  for (const spec of specs) {
    await testCase.register(spec.sessionId, "idempotent", work);
    testCase.call(client, spec);
  }
  await Promise.all(specs.map(({ sessionId }) => testCase.begun(sessionId, "login")));
  await testCase.kill("one of two workers", "kill", started.slice(0, 1));
  await Promise.all(
    specs.map(({ sessionId }) => testCase.answered(sessionId, "caller", patienceLeases * leaseMs)),
  );
  const history = await testCase.close();
  await terminate(client);
  await environment.close();
  const recoveries = recoveriesOf(history, analysisOf(history, { leaseMs }).exposure).get("kill") ?? [];
  return recoveryRow(recoveries, { target: target.name, faultKind: "kill", leaseMs, leaseIsDefault: true });
}
