/**
 * What a claim is: a sentence about durable execution, and a provocation that would show it false. The outcome that is
 * declared stands in each engine's manifest. What was observed is evidence in figures; from these alone the verdict follows.
 */
import type { VerdictValue } from "../checks/verdict.ts";
import type { ScenarioContext } from "./scenario.ts";

export const outcomes = ["holds", "does-not-hold", "measured"] as const;
/** `measured`: nothing is promised, the figures are the answer. */
export type Outcome = (typeof outcomes)[number];

export interface Figure {
  readonly kind: "figure";
  readonly what: string;
  /** Null where it could not be measured, or the provocation did not happen. */
  readonly value: number | null;
  readonly unit: Unit;
  /** Bounds, both included, between which it lies where the claim holds, the upper one null where there is none; null where it decides nothing. */
  readonly expected: readonly [number, number | null] | null;
}

/** A figure, or what the engine itself says. */
export type Evidence = Figure | { readonly kind: "quote"; readonly source: string; readonly text: string };

export interface Claim {
  readonly id: string;
  /** What is claimed. */
  readonly sentence: string;
  /** What is done to put it to the test. */
  readonly provocation: string;
  /** Whether it counts what passes between a worker and its store, which needs a place between the two. */
  readonly needsProxy?: true;
  /** Whether it kills a worker at its last request, which the engine's `manifest/completion.ts` brings about. */
  readonly needsCompletionHook?: true;
  /** Whether it takes so long that `compare` at quick leaves it out. */
  readonly isLong?: true;
  /** What the outcome means, and what a user has to write where the claim does not hold. */
  readonly meaning: string;
  play(context: ScenarioContext): Promise<readonly Evidence[]>;
}

/** Figures count something unless they say otherwise. */
export const units = ["count", "ms", "bytes"] as const;
type Unit = (typeof units)[number];

/** A figure that decides nothing. `value` is null where it could not be measured, which leaves the claim unknown. */
export function measured(what: string, value: number | null, unit: Unit = "count"): Figure {
  return { kind: "figure", what, value, unit, expected: null };
}

/** A figure that must be this, or lie between these two, both included, for the claim to hold; no upper bound where `to` is null. */
export function expected(
  what: string,
  value: number | null,
  bounds: number | readonly [from: number, to: number | null],
  unit: Unit = "count",
): Figure {
  const [from, to] = typeof bounds === "number" ? [bounds, bounds] : bounds;
  return { kind: "figure", what, value, unit, expected: [from, to] };
}

/**
 * What the evidence says, held against what was declared. Where a worker stalled for so long that it may have lost what it
 * held, without a fault, a figure out of its bounds refutes nothing. Pure.
 */
export function judgeClaim(
  declared: Outcome,
  evidence: readonly Evidence[],
  wasDisturbed: boolean,
): { readonly observed: Outcome | null; readonly verdict: VerdictValue } {
  const figures = evidence.filter((each): each is Figure => each.kind === "figure");
  if (figures.length === 0 || figures.some(({ value }) => value === null))
    return { observed: null, verdict: "unknown" };
  const refuted = figures.some(
    ({ value, expected }) =>
      value !== null &&
      expected !== null &&
      (value < expected[0] || (expected[1] !== null && value > expected[1])),
  );
  if (refuted && wasDisturbed && declared !== "does-not-hold") return { observed: null, verdict: "unknown" };
  const observed = refuted ? "does-not-hold" : declared === "measured" ? "measured" : "holds";
  return { observed, verdict: observed === declared ? "pass" : "fail" };
}
