/**
 * What an engine says of a lifecycle whose code changes while sessions are under way: how the next version is written, by
 * which way, and what then becomes of the sessions. The experiment `upgrade` plays it and says where it is otherwise.
 */
import type { Edit } from "./edit.ts";

/** What the next version does otherwise, in the order of a report. */
export const changeNames = [
  "step-before-idle",
  "step-before-wait",
  "step-after-wait",
  "activity-removed",
  "step-removed",
  "steps-swapped",
  "step-renamed",
  "result-reshaped",
  "wait-doubled",
] as const;
export type ChangeName = (typeof changeNames)[number];

/** Where the session is when the code changes. */
export const places = ["activities", "wait", "cleanup"] as const;
export type Place = (typeof places)[number];

/**
 * Which workers there are before the change, and after it. `forward`: of the published version, then of the next one. `mixed`:
 * of the published version, then of both to the end. `backward`: of the next version, then of the published one again.
 */
export const fleets = ["forward", "mixed", "backward"] as const;
export type Fleet = (typeof fleets)[number];

/** What becomes of a session, from the best to the worst. */
export const outcomes = [
  /** It ended by the law of the next version, from its place on. */
  "runs as new",
  /** It ended by the law of the published version, on a worker that has its code. */
  "runs as old",
  /** It ended well, but no worker had the published code, and the added step never ran. */
  "skipped",
  /** Nothing of it ran any more, and a log says so; back on the code that it began with, it ended. */
  "refused",
  /** A step of it failed again and again, and a log says so; back on the code that it began with, it ended. */
  "stuck, loud",
  /** It did not end, and no log said so; back on the code that it began with, it ended. */
  "stuck, silent",
  /** Its cleanup never ended: its caller got an error or a result, or, even back on the code that it began with, nothing. */
  "lost",
  /** Another step's result was used, or an effect landed twice, or out of its order, or never, with keys on. */
  "wrong",
] as const;
export type Outcome = (typeof outcomes)[number];

/** What becomes of a session in each place; where it depends on who takes it, all that may. */
export type DeclaredOutcomes = Readonly<Record<Place, Outcome | readonly Outcome[]>>;

/** What becomes of a session among its activities, in its wait, and in its cleanup. */
export function byPlace(
  activities: DeclaredOutcomes[Place],
  wait: DeclaredOutcomes[Place],
  cleanup: DeclaredOutcomes[Place],
): DeclaredOutcomes {
  return { activities, wait, cleanup };
}

/** The same in each place. */
export function everywhere(outcome: DeclaredOutcomes[Place]): DeclaredOutcomes {
  return byPlace(outcome, outcome, outcome);
}

/** Of a mixed fleet, where chance decides whose worker takes a session: by either version, or what becomes of it in between. */
export function eitherOr(...others: readonly Outcome[]): DeclaredOutcomes {
  return everywhere(["runs as new", "runs as old", ...others]);
}

/** The code of the next version. */
export interface NextVersion {
  /** Files that are kept under another name before the edits are made, both from the engine's folder. */
  readonly copies?: readonly { readonly from: string; readonly to: string }[];
  /** Files are named from the engine's folder. */
  readonly edits: readonly Edit[];
}

/** What is declared of a change, by fleet. */
export type Declared = Readonly<Partial<Record<Fleet, DeclaredOutcomes>>>;

/**
 * Of an engine that holds each step that runs again against the name that stands at its place: what does not fit is refused, aloud, and
 * goes on once code that fits is back.
 */
export const whereNamesAreCompared: Readonly<Record<ChangeName, Declared>> = {
  "step-before-idle": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-before-wait": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-after-wait": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "activity-removed": {
    forward: byPlace("runs as new", "refused", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "refused", "refused"),
  },
  "step-removed": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "steps-swapped": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "step-renamed": {
    forward: byPlace("runs as new", "runs as new", "refused"),
    mixed: eitherOr("refused"),
    backward: byPlace("runs as old", "runs as old", "refused"),
  },
  "result-reshaped": {
    forward: byPlace("stuck, loud", "stuck, loud", "runs as new"),
    mixed: eitherOr("stuck, loud"),
    backward: byPlace("stuck, loud", "stuck, loud", "runs as old"),
  },
  "wait-doubled": {
    forward: byPlace("runs as new", "runs as old", "runs as new"),
    mixed: eitherOr(),
    backward: byPlace("runs as old", "runs as new", "runs as old"),
  },
};

/** A way to change the code. */
export interface Way {
  readonly versions: Readonly<Record<ChangeName, NextVersion>>;
  /** What is left out is measured, and not declared. */
  readonly declared: Readonly<Partial<Record<ChangeName, Declared>>>;
  /** What is declared otherwise, by the name of a store. */
  readonly onStore?: Readonly<Record<string, Way["declared"]>>;
}

/**
 * What a safe way does that lets each session end by the version which it began with. Going back to the published code alone is
 * another matter: that does not know what the new one has begun.
 */
export function asTheyBegan(backward: (change: ChangeName) => DeclaredOutcomes): Way["declared"] {
  return Object.fromEntries(
    changeNames.map((change) => [
      change,
      { forward: everywhere("runs as old"), mixed: everywhere("runs as old"), backward: backward(change) },
    ]),
  );
}

/** A safe way with something left out, which must show. */
export interface UnsafeWay {
  readonly name: string;
  /** What is wrong with it, in a sentence. */
  readonly defect: string;
  readonly change: ChangeName;
  readonly version: NextVersion;
  /** What becomes of some session, where nothing of the kind is declared. */
  readonly expected: Outcome;
}

/** A way by which no session goes wrong, as long as workers that know the next version come first, and callers who ask for it after them. */
export interface SafeWay extends Way {
  /** In a sentence, with the page of the documentation that has it. */
  readonly says: string;
  /** How long the old code must stay: the end of a sentence. */
  readonly oldCodeStays: string;
  /** What one must do to go back, in a sentence. */
  readonly goingBack: string;
  readonly unsafe?: readonly UnsafeWay[];
}

export interface Upgrades {
  /** The body edited, and nothing else. */
  readonly plain?: Way;
  readonly safe?: SafeWay;
  /** The body of the engine by the book edited, and nothing else; files are named from `by-the-book/`. */
  readonly byTheBook?: Way;
}
