/**
 * What a finding is: something that an engine does and its user would not expect, in a sentence, and what shows it again.
 * Each engine's `manifest/findings.ts` lists its own.
 */
import type { Outcome } from "../scenarios/claim.ts";
import type { StoreKindName } from "../stores/kinds.ts";

/** A store that a script is given: its address is put into these variables. */
export interface StoreForScript {
  readonly kind: StoreKindName;
  readonly url: string;
  readonly secret?: string;
}

/** What shows a finding, and how that is recognised. */
export type Showing =
  /** The script in a draft of a report, on the engine's package alone. It exits 1 where what it shows is there, and 0 where it is not. */
  | {
      readonly kind: "script";
      readonly draft: string;
      readonly store?: StoreForScript;
      /** The folder below `implementations/` whose packages it runs on, where that is a guest; else it is this checkout's. */
      readonly packagesOf?: string;
    }
  /** A claim that turns out so; or one of whose figures, the first whose name begins so, is at least that. */
  | { readonly kind: "claim"; readonly claim: string; readonly target: string; readonly shows: ClaimShows }
  /** A broken variant, which its invariant catches: a defence that the engine makes necessary. */
  | { readonly kind: "variant"; readonly variant: string }
  /** A test that passes for as long as the finding is there. */
  | { readonly kind: "test"; readonly file: string; readonly name: string };

export type ClaimShows = { readonly outcome: Outcome } | { readonly figure: string; readonly from: number };

/** `by design`: documented, or a decision that can be seen; nobody need mend it. */
export type FindingStatus = "present" | "by design" | `mended in ${string}`;

export interface Finding {
  /** Unique among all engines. */
  readonly id: string;
  /** Whose it is, by the name of a package or program. */
  readonly of: string;
  /** In which it was seen. */
  readonly version: string;
  /** What happens, in a sentence. */
  readonly what: string;
  /** All of these must show it. */
  readonly shownBy: readonly Showing[];
  /** What must be on the machine, besides what the showings start. */
  readonly needs?: readonly StoreKindName[];
  /** How long all showings take, s. */
  readonly takesS: number;
  readonly status: FindingStatus;
  /** A file in `docs/upstream/`, for its maintainers; absent where there is nothing to mend. */
  readonly draft?: string;
  /** Where it was told upstream. */
  readonly told?: string;
}
