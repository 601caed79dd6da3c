/**
 * What a broken variant is: a defect in a sentence, the few lines that bring it about, what is done to provoke it, and
 * the invariant that must catch it.
 */
import type { InvariantId } from "../checks/invariants/index.ts";
import type { Target } from "../run/target.ts";
import type { Provocation } from "../scenarios/provocation.ts";
import type { Edit } from "./edit.ts";

/** What whoever uses an engine must get right: a row of the table in `docs/promises.md`. */
export interface Duty {
  /** In a sentence, as Markdown. */
  readonly says: string;
  /** What breaks without it, in a sentence, as Markdown. */
  readonly otherwise: string;
  /** What the correct implementation does for it, where its lines can be told from others. */
  readonly defence?: Defence;
}

/** The lines that fulfil a duty, as a person would name them. */
export interface Defence {
  readonly name: string;
  /** What the lines of the correct implementation hold that provide it: so the count moves with the code. */
  readonly words: RegExp;
  /** A file of the harness that provides it; a file or all of the engine's folder where it is left out. */
  readonly where?: string;
}

/** A variant of an implementation. */
export interface Variant {
  /** Unique among all variants, those of the harness included. */
  readonly name: string;
  /** The store of the correct target that it is made of. */
  readonly store: string;
  /** What is wrong with it, in a sentence. */
  readonly defect: string;
  /** The invariant that names the defect; others may catch it too. */
  readonly expected: InvariantId;
  /** Files are named from the engine's folder. */
  readonly edits: readonly Edit[];
  /** In place of the target's own store, where that is what is wrong. */
  readonly startStore?: Target["startStore"];
  readonly provocation: Provocation;
  /** What it gets wrong. Variants that get the same wrong share one duty, and so a row of the table. */
  readonly duty?: Duty;
}
