/**
 * What a target promises: which invariant must hold under which fault, in which mode. Each engine declares its own; the
 * harness measures everything, but only a violated guarantee makes a run fail. What nobody declares is not guaranteed.
 */

import { type FaultKind, kindsThatBring } from "../faults/kinds/faults.ts";
import type { SessionMode } from "../plan/plan-schema.ts";
import type { InvariantId } from "./invariants/index.ts";

/** Under these faults, in these modes, everything holds, except what is named. */
export interface Guarantee {
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
export const whatKeysProvideAgainstZombies: readonly InvariantId[] = [...whatKeysProvide, "not-early"];

/** A session that was done and runs again answers a caller that comes later with what it did last. */
export const whatKeysProvideAgainstLosses: readonly InvariantId[] = [
  ...whatKeysProvideAgainstZombies,
  "started-once",
];

/** Workers die. */
export const kills: readonly FaultKind[] = kindsThatBring("death");
/** Workers live on while their sessions may be taken from them: where keys are honoured, what they still do is suppressed. */
export const zombieMakers: readonly FaultKind[] = kindsThatBring("zombie");
/** Nobody dies at work and no lease lapses, so no step runs twice, and keys have nothing to do. */
export const harmless: readonly FaultKind[] = kindsThatBring("none");
/** A step fails. */
export const failures: readonly FaultKind[] = kindsThatBring("failure");
/** The store is down, and may be back without some of what it acknowledged: a session that it forgot with its start is let go. */
export const losses: readonly FaultKind[] = kindsThatBring("loss");
/** The store is down. */
export const outages: readonly FaultKind[] = kindsThatBring("outage");

/** What an engine can promise that renews its leases, fences its store and keeps its deadlines: everything that keys allow. */
export const allThatKeysAllow: readonly Guarantee[] = [
  { faults: [...kills, ...failures], modes: ["idempotent"], except: [] },
  { faults: [...kills, ...failures], modes: ["naive"], except: whatKeysProvide },
  { faults: zombieMakers, modes: ["idempotent"], except: [] },
  { faults: zombieMakers, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  { faults: harmless, modes: ["idempotent", "naive"], except: [] },
];

/** The same of its store, where its workers ask for work again as soon as that is back. */
export const throughOutages: readonly Guarantee[] = [
  { faults: [...outages, ...losses], modes: ["idempotent"], except: [] },
  { faults: outages, modes: ["naive"], except: whatKeysProvideAgainstZombies },
  { faults: losses, modes: ["naive"], except: whatKeysProvideAgainstLosses },
];

/** Whether these guarantees hold `invariant` under `fault` for sessions of `mode`. Pure. */
export function isGuaranteed(
  guarantees: readonly Guarantee[],
  invariant: InvariantId,
  fault: FaultKind,
  mode: SessionMode,
): boolean {
  return guarantees.some(
    ({ faults, modes, except }) =>
      faults.includes(fault) && modes.includes(mode) && !except.includes(invariant),
  );
}
