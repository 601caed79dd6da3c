/**
 * What a broken variant is: a defect in a sentence, the few lines that bring it about, what is done to provoke it, and
 * the invariant that must catch it.
 */
import type { InvariantId } from "../../checks/verdict.ts";
import type { Target } from "../../targets/targets.ts";
import type { Edit } from "./edited-copy.ts";
import type { Provocation } from "./provocation.ts";

/** A variant of an implementation. */
export interface Variant {
  /** Unique among all variants, those of the harness included. */
  readonly name: string;
  /** The correct target that it is made of. */
  readonly of: string;
  /** What is wrong with it, in a sentence. */
  readonly defect: string;
  /** The invariant that names the defect; others may catch it too. */
  readonly expected: InvariantId;
  readonly edits: readonly Edit[];
  /** In place of the target's own store, where that is what is wrong. */
  readonly startStore?: Target["startStore"];
  readonly provocation: Provocation;
}
