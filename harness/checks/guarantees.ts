/**
 * What each target promises. Which invariant must hold on which target, under which fault, in which mode, is
 * declared here, by hand; the harness measures everything, but only a violated guarantee makes a run fail.
 *
 * A row says: on these targets, under these faults, in these modes, everything holds, except what is named.
 * What no row covers is not guaranteed.
 */
import type { SessionMode } from "../plan/plan-schema.ts";
import type { FaultKind } from "../world/entry.ts";
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
export const whatKeysProvide: readonly InvariantId[] = [
  "login-once",
  "recorded-once",
  "in-order",
  "expired-once",
  "cleaned-once",
  "quiet-after",
  "no-residue",
];

/**
 * A zombie's late effect is not only one too many: a late `mark-idle` lands after the one that the engine counts the idle
 * window from, and the session expires sooner than the idle timeout after it.
 */
const whatKeysProvideAgainstZombies: readonly InvariantId[] = [...whatKeysProvide, "not-early"];

/** Their workers hear of work over a stream that the SDK opens. */
const streamed = ["resonate@embedded", "resonate@server"];
/**
 * In PostgreSQL every process looks for leases that have run out, and resonate-pg 0.1.0 (`_on_task_lease_timeout`) does not
 * look again whether one still has when it comes to it: a lease that another worker was given a moment before is taken
 * away from it, and it becomes a zombie without any fault of its own.
 */
const takingFreshLeases = ["resonate@postgres"];
/** Their workers ask for work again as soon as the store is back. */
const queues = ["redis-bullmq@redis", "postgres-outbox@postgres"];
const keepingLeases = [...streamed, ...queues];
const all = [...keepingLeases, ...takingFreshLeases];

/** Workers die. */
const kills: readonly FaultKind[] = ["kill", "kill-all", "crash-point"];
/** Workers live on while their sessions may be taken from them: where keys are honoured, what they still do is suppressed. */
const zombieMakers: readonly FaultKind[] = ["pause", "partition"];
/** Nobody dies at work and no lease lapses, so no step runs twice, and keys have nothing to do. */
const harmless: readonly FaultKind[] = ["terminate", "slow", "race"];

const guarantees: readonly Guarantee[] = [
  { targets: keepingLeases, faults: kills, modes: ["idempotent"], except: [] },
  { targets: keepingLeases, faults: kills, modes: ["naive"], except: whatKeysProvide },
  { targets: keepingLeases, faults: zombieMakers, modes: ["idempotent"], except: [] },
  { targets: keepingLeases, faults: zombieMakers, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  {
    targets: takingFreshLeases,
    faults: [...kills, ...zombieMakers, "kill-store"],
    modes: ["idempotent"],
    except: ["repeats-explained"],
  },
  {
    targets: takingFreshLeases,
    faults: [...kills, ...zombieMakers, "kill-store"],
    modes: ["naive"],
    except: [...whatKeysProvideAgainstZombies, "repeats-explained"],
  },
  { targets: all, faults: ["throw"], modes: ["idempotent"], except: [] },
  { targets: all, faults: ["throw"], modes: ["naive"], except: whatKeysProvide },
  { targets: all, faults: harmless, modes: ["idempotent", "naive"], except: [] },
  { targets: queues, faults: ["kill-store"], modes: ["idempotent"], except: [] },
  {
    targets: queues,
    faults: ["kill-store"],
    modes: ["naive"],
    except: whatKeysProvideAgainstZombies,
  },
  // After its store was away, the SDK opens its stream of messages again 1, 3, 7 … s after it broke (hard-coded in SDK 0.11.5,
  // network/http.js), so the store may be back for longer than any slack before a worker hears that a timer has fired.
  { targets: streamed, faults: ["kill-store"], modes: ["idempotent"], except: ["timer-kept"] },
  {
    targets: streamed,
    faults: ["kill-store"],
    modes: ["naive"],
    except: [...whatKeysProvideAgainstZombies, "timer-kept"],
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
