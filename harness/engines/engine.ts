/**
 * What the harness must know of an engine: its manifest, `manifest/engine.ts` in the implementation's folder, which exports
 * one as `engine`. Only `stores` must be there. What else is left out is measured and not promised, or not counted.
 */

import type { StoreAddress } from "../../implementations/session/contract.ts";
import type { Guarantee } from "../checks/guarantees.ts";
import type { EngineClocks } from "../history/clocks.ts";
import type { Case } from "../run/case.ts";
import type { CaseWorker } from "../run/case-worker.ts";
import type { ResidueIn } from "../run/target.ts";
import type { Claim, Outcome } from "../scenarios/claim.ts";
import type { StoreKind, StoreKindName } from "../stores/kinds.ts";
import type { Finding } from "./finding.ts";
import type { Tuning } from "./tuning.ts";
import type { Upgrades } from "./upgrade.ts";
import type { Variant } from "./variant.ts";

/** A store that the engine runs on, and what it promises there. */
export interface EngineStore {
  /** Behind the `@` of the target's name. */
  readonly name: string;
  /** Its kind; the same word as `name` where this is left out. */
  readonly kind?: StoreKindName;
  /** A store of the engine's own, of which no kind of the harness knows: a new one, or the one that runs at this URL already. */
  readonly brings?: (url: string | undefined) => StoreKind;
  /** Whether the target is run where none is named. */
  readonly isUsual?: true;
  readonly guarantees?: readonly Guarantee[];
  /** By whose clocks the engine tells there that a wait is over and that a lease has run out: by any, where it does not say. */
  readonly clocks?: EngineClocks;
  /** How to find what is left in it; left out, the kind of store looks, or `no-residue` stays unknown. */
  readonly residueIn?: ResidueIn;
}

/** How a claim turns out, where it is declared. */
export interface DeclaredClaim {
  readonly outcome: Outcome;
  /** What that means on this engine. */
  readonly note?: string;
  /** Only on this store. */
  readonly store?: string;
}

/** A concept of the engine, and the word by which the code shows that it uses it. */
export interface Concept {
  readonly name: string;
  readonly word: string;
}

/** What an engine says of its own retries: a text for each, in order. */
export interface EngineWords {
  readonly source: string;
  readonly texts: readonly string[];
}

export interface Engine {
  /** In the order of a report. */
  readonly stores: readonly EngineStore[];
  /** The lease that it takes where nobody asks for another, ms. */
  readonly defaultLeaseMs?: number;
  /** Packages whose versions a report names, by the key that they have in results. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Packages by which it speaks with its store, each with those whose names go on with a hyphen; what `versions` names besides is its SDK. */
  readonly drivers?: readonly string[];
  /** What an operator must run beside the workers, in words. */
  readonly services?: readonly string[];
  /** The licence of each part that runs or is linked, by its name. */
  readonly licences?: Readonly<Record<string, string>>;
  readonly concepts?: readonly Concept[];
  /** By the name of a file, the only store that needs it: such a file is left out of the code size. */
  readonly filesOfStore?: Readonly<Record<string, string>>;
  /** What it keeps of a session that has ended, and for how long, in words. */
  readonly keeps?: string;
  /** Whether its last checkpoint is the end of the lifecycle: a worker that comes after a death there finds nothing to do. */
  readonly endsWithLastCheckpoint?: true;
  /** By the claim's id. A claim that is not here is measured; one that is null cannot be played on it. */
  readonly claims?: Readonly<Record<string, Outcome | DeclaredClaim | null>>;
  /** Claims about this engine alone. */
  readonly ownClaims?: readonly Claim[];
  /** The stores on which its folder `by-the-book/` runs: the engine as its documentation would have one use it. */
  readonly byTheBook?: readonly string[];
  /** What it says itself of the retries of a session's steps. */
  readonly retries?: (testCase: Case, worker: CaseWorker, sessionId: string) => Promise<EngineWords>;
  /** Folder, as a file URL that ends in `/`, of a client that starts sessions by a function that no worker has registered. */
  readonly unknownFunctionClient?: string;
  /** How much more a worker may do for a session that is stuck than with nothing to do. */
  readonly stuckSession?: { readonly requestsPerS: number; readonly linesPerS: number };
  /** How an operator gets rid of a session that nobody can finish. */
  readonly removeSession?: (store: StoreAddress, group: string, sessionId: string) => Promise<void>;
  readonly variants?: readonly Variant[];
  /** What an expert turns to have more of it, each thing alone: `load` says what it gives. */
  readonly tunings?: readonly Tuning[];
  /** How its lifecycle is changed while sessions are under way, and what then becomes of them. */
  readonly upgrades?: Upgrades;
  /** What it does that its users would not expect, and what shows it. */
  readonly findings?: readonly Finding[];
}
