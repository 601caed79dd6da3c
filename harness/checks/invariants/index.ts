/** The invariants, a line each, in the order in which reports show them. */
import { cleanedOnce } from "./cleaned-once.ts";
import { completed } from "./completed.ts";
import { expiredOnce } from "./expired-once.ts";
import { inOrder } from "./in-order.ts";
import { loginOnce } from "./login-once.ts";
import { noResidue } from "./no-residue.ts";
import { nobodyDeaf } from "./nobody-deaf.ts";
import { notEarly } from "./not-early.ts";
import { ownResult } from "./own-result.ts";
import { quietAfter } from "./quiet-after.ts";
import { recordedOnce } from "./recorded-once.ts";
import { repeatsExplained } from "./repeats-explained.ts";
import { resultTrue } from "./result-true.ts";
import { startedOnce } from "./started-once.ts";
import { timerKept } from "./timer-kept.ts";

export const invariants = [
  startedOnce,
  loginOnce,
  recordedOnce,
  inOrder,
  notEarly,
  timerKept,
  expiredOnce,
  cleanedOnce,
  quietAfter,
  completed,
  resultTrue,
  ownResult,
  noResidue,
  repeatsExplained,
  nobodyDeaf,
] as const;

export type InvariantId = (typeof invariants)[number]["id"];

export const invariantIds: readonly InvariantId[] = invariants.map(({ id }) => id);
