/** What a tuning is: one thing that an expert of an engine turns to have more of it, and that costs no promise. */
import type { Edit } from "./edit.ts";

export interface Tuning {
  /** Unique within the engine; behind a target's name, `engine@store, name`, it is the name of the tuned one. */
  readonly name: string;
  /** What is turned, from what and to what. */
  readonly turns: string;
  /** Why every promise is kept, in a sentence. */
  readonly keeps: string;
  /** Where the engine's documentation, or its maintainers', has it. */
  readonly source: string;
  /** The stores on which it turns anything; all, where they are left out. */
  readonly stores?: readonly string[];
  /** Files are named from the engine's folder. */
  readonly edits: readonly Edit[];
  /** Flags of the store's program, in place of the run's own; such a tuning can be had only of a store that the run starts. */
  readonly storeFlags?: Readonly<Record<string, string | number>>;
}
