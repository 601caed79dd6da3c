/**
 * What each target promises. Which invariant must hold on which target, under which fault, in which mode, is
 * declared here, by hand; the harness measures everything, but only a violated guarantee makes a run fail.
 *
 * A row says: on these targets, under these faults, in these modes, everything holds, except what is named.
 * What no row covers is not guaranteed.
 */
import type { SessionMode } from "../faults/plan-schema.ts";
import type { FaultKind } from "../history/entry.ts";
import type { InvariantId } from "./verdict.ts";

interface Guarantee {
  readonly targets: readonly string[];
  readonly faults: readonly FaultKind[];
  readonly modes: readonly SessionMode[];
  readonly except: readonly InvariantId[];
}

/**
 * Without keys, a kill between an effect and its checkpoint repeats the effect: no engine can make someone else's
 * system exactly-once by itself. There, the rate is measured and nothing is promised.
 */
const whatKeysProvide: readonly InvariantId[] = [
  "login-once",
  "recorded-once",
  "in-order",
  "expired-once",
  "cleaned-once",
  "quiet-after",
  "no-residue",
];

const guarantees: readonly Guarantee[] = [
  {
    targets: ["resonate@embedded", "redis-bullmq@redis"],
    faults: ["kill", "kill-all", "crash-point"],
    modes: ["idempotent"],
    except: [],
  },
  {
    targets: ["resonate@embedded", "redis-bullmq@redis"],
    faults: ["kill", "kill-all", "crash-point"],
    modes: ["naive"],
    except: whatKeysProvide,
  },
];

/** Whether `invariant` is guaranteed on `target`, written `implementation@store`, under `fault` for sessions of `mode`. */
export function isGuaranteed(
  invariant: InvariantId,
  target: string,
  fault: FaultKind,
  mode: SessionMode,
): boolean {
  return guarantees.some(
    ({ targets, faults, modes, except }) =>
      targets.includes(target) &&
      faults.includes(fault) &&
      modes.includes(mode) &&
      !except.includes(invariant),
  );
}
