import { plainSpec } from "../plain-spec.ts";
import { Trial } from "../trial.ts";
import { type Claim, expected, measured } from "./claim.ts";
import { executionsOf, landingsOf } from "./observe.ts";

const step = "record:1";
const leases = 3;

export const longStep: Claim = {
  id: "long-step",
  sentence: "A step that takes longer than the lease, without any crash, is executed once.",
  provocation: `The second activity's service takes ${leases} leases; a second worker stands by to take over. No keys.`,
  declared: { "resonate@embedded": "holds", "redis-bullmq@redis": "holds" },
  meaning:
    "A worker renews its lease at half of it, as long as its event loop turns: a step that computes for longer than half a lease without a break is another matter.",
  async play({ stage, client, leaseMs, inLane }) {
    const spec = plainSpec("long-step");
    const { sessionId } = spec;
    return inLane(async () => {
      const trial = new Trial(stage, sessionId);
      await trial.register(sessionId, "naive");
      await stage.witness.arm(sessionId, step, { kind: "slow", delayMs: leases * leaseMs });
      await Promise.all([trial.startWorker(), trial.startWorker()]);
      trial.call(client, spec);
      await trial.answered(sessionId);
      const history = await trial.close();

      const executions = executionsOf(history, sessionId, step);
      const landings = landingsOf(history, sessionId, "append-activity", step);
      const [begun, landed] = [executions[0], landings[0]];
      const tookMs = begun === undefined || landed === undefined ? null : landed.at - begun.at;
      // Renewals are due each half lease: a worker that was silent for that long was not given its chance.
      const silentMs = longestSilenceMs(history.workers.get(begun?.worker ?? "")?.aliveAt ?? []);
      const wasDisturbed = executions.length > 1 && silentMs > leaseMs / 2;
      return [
        measured("the step took", tookMs, "ms"),
        measured("longest silence of its worker", silentMs, "ms"),
        expected("executions of the step", wasDisturbed ? null : executions.length, 1),
        expected("landings of the activity", wasDisturbed ? null : landings.length, 1),
      ];
    });
  },
};

function longestSilenceMs(aliveAt: readonly number[]): number {
  return Math.max(0, ...aliveAt.slice(1).map((at, index) => at - (aliveAt[index] ?? at)));
}
