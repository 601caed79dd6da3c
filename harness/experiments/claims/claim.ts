/**
 * What a claim is: a sentence about durable execution, a provocation that would show it false, and, for each target,
 * the outcome that is declared. What was observed is evidence in figures; from these alone the verdict follows.
 */
import type { VerdictValue } from "../../checks/verdict.ts";
import type { Child } from "../../processes/reaper.ts";
import type { Trial } from "../../run/case.ts";
import type { Stage } from "../../run/environment.ts";
import type { Target } from "../../targets/targets.ts";
import type { ClaimRow } from "./rows.ts";

/** `measured`: nothing is promised, the figures are the answer. */
export type Outcome = ClaimRow["declared"];
export type Evidence = ClaimRow["evidence"][number];
export type Figure = Extract<Evidence, { readonly kind: "figure" }>;

export interface Claim {
  readonly id: string;
  /** What is claimed. */
  readonly sentence: string;
  /** What is done to put it to the test. */
  readonly provocation: string;
  /** By name of an implementation, for all of its targets, or of one target; whoever is not here is not concerned. */
  readonly declared: Readonly<Record<string, Outcome>>;
  /** Whether it counts what passes between a worker and its store, which needs a place between the two. */
  readonly needsLink?: true;
  /** What the outcome means, and what a user has to write where the claim does not hold. */
  readonly meaning: string;
  play(scene: Scene): Promise<readonly Evidence[]>;
}

/** What is declared of a claim on a target; undefined where it does not concern that target. Pure. */
export function declaredOn(
  { declared, needsLink }: Pick<Claim, "declared" | "needsLink">,
  { name, faults }: Pick<Target, "name" | "faults">,
): Outcome | undefined {
  if (needsLink && !faults.includes("partition")) return undefined;
  return declared[name] ?? declared[name.split("@")[0] ?? ""];
}

/** Where a claim is played: a stage that it shares with others, on a machine that it shares with others. */
export interface Scene {
  readonly stage: Stage;
  /** A client process that whoever needs only one may use. */
  readonly client: Child;
  readonly leaseMs: number;
  /** Opens a trial on this stage, or on another; whether it was disturbed bears on the claim's verdict. */
  openTrial(group: string, stage?: Stage): Trial;
  /** Waits for a free lane, so that no more trials are under way than the machine bears. */
  inLane<T>(trial: () => Promise<T>): Promise<T>;
  /** Opens a stage of its own, with its own store and lease. */
  openStage(settings: { readonly name: string; readonly leaseMs: number }): Promise<Stage>;
}

/** Figures count something unless they say otherwise. */
type Unit = "count" | "ms" | "bytes";

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
 * held, with nobody's doing, a figure out of its bounds refutes nothing. Pure.
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
