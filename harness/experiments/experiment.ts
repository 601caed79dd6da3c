/**
 * What an experiment is: all that the harness knows of one stands in its folder, and everything that runs, judges, shows
 * or counts experiments loops over the list in `index.ts`.
 */
import type { z } from "zod";
import type { Plan } from "../plan/plan-schema.ts";
import type { Decision } from "../report/decision.ts";
import type { FigureRow } from "../report/figure-row.ts";
import type { Remarks } from "../report/report.ts";
import type { RunFacts } from "../report/run-facts.ts";
import type { Table } from "../report/table.ts";
import type { Drawn } from "../report/timeline/timeline.ts";
import type { PlayedPlan } from "../run/play-plan/play-plan.ts";
import type { Run } from "../run/run.ts";
import type { FoundRows, Part, RunOptions } from "../run/run-experiments.ts";
import type { Target } from "../run/target.ts";
import type { WhenFree } from "../scenarios/scenario.ts";
import type { Entry } from "../world/entry.ts";

/** The arrays of `results.json` whose rows have these schemas. */
export type RowsOf<Schemas extends Readonly<Record<string, z.ZodType>>> = {
  readonly [Key in keyof Schemas]: readonly Readonly<z.infer<Schemas[Key]>>[];
};

/** The schema of a row of each array. */
export type SchemasOf<Rows extends FoundRows> = {
  readonly [Key in keyof Rows]: z.ZodType<Rows[Key][number]>;
};
export const profileNames = ["quick", "standard"] as const;
/** A set of sizes: what a run plays where its flags say nothing else. */
export type ProfileName = (typeof profileNames)[number];

/** A flag of the command line, before commander knows of it. */
export interface Flag {
  /** As commander has it: `--depth <count>`, `--only <points...>`, `--checkers`. */
  readonly flag: string;
  readonly says: string;
  /** Bounds, both included, of a whole number; of each number, where several are separated by commas. Text where it is left out. */
  readonly integer?: readonly [from: number, to: number];
  readonly isList?: true;
  readonly byDefault?: number;
  /** An environment variable that says the same. */
  readonly variable?: string;
}

/** Which of the flags that several commands share an experiment has; `--results`, `--port` and `--format` go with every run. */
export interface SharedFlags {
  /** What `--seed` draws; absent where nothing is drawn. */
  readonly draws?: string;
  /** The usual `--profile`; absent where its sizes have no profile to choose. */
  readonly profile?: ProfileName;
  readonly targets: boolean;
  readonly durability: boolean;
  /** Whether `--lease` sets its lease, which else fits the machine. */
  readonly lease?: true;
  /** Whether `--at-once` bounds how many targets it plays side by side. */
  readonly atOnce: boolean;
  /** Whether workers on other hosts can take part. */
  readonly remoteWorkers?: true;
  /** At which profiles it plays each engine by the book too. */
  readonly byTheBook?: readonly ProfileName[];
  /** Whether the flags of its own are those of `compare` too. */
  readonly inCompareToo?: true;
}

/** What a run tells an experiment. */
export interface PlayContext {
  readonly targets: readonly Target[];
  readonly profile: ProfileName;
  /** The same engines by the book, for experiments that play them too at this profile. */
  readonly books: readonly Target[];
  /** Null where nothing is drawn. */
  readonly seed: number | null;
  /** What the experiments read out of the run of a plan. */
  judgePlan(played: PlayedPlan): FoundRows;
}

/** A kept run whose history is judged again. */
export interface KeptRun<Settings> extends Pick<PlayContext, "targets" | "seed" | "judgePlan"> {
  readonly settings: Settings;
  /** The plan beside its results; null where there is none. */
  readonly plan: Plan | null;
  entriesOf(experiment: string, target: string): readonly Entry[];
}

/** How an experiment is played. */
export type Play<Settings> =
  /** One part after another, with nothing beside it. */
  | { readonly kind: "alone"; parts(context: PlayContext, settings: Settings): readonly Part[] }
  /** As cases that mostly wait, side by side with those of its neighbours in the list. */
  | {
      readonly kind: "side by side";
      /** Whether its cases are the longest: they are let in in the order in which they are asked for. */
      readonly comesFirst: boolean;
      countOf(target: Target, settings: Settings): number;
      /** Plays all cases on one target, and calls `onCase` after each. */
      play(
        run: Run,
        target: Target,
        settings: Settings,
        whenFree: WhenFree,
        onCase: () => void,
      ): Promise<FoundRows>;
      /**
       * Plays again, with nothing beside it, what was inconclusive on a target. Resolves with all rows of that target; with
       * null where nothing was inconclusive.
       */
      playAgain(
        run: Run,
        target: Target,
        settings: Settings,
        rows: FoundRows,
        attempt: number,
      ): Promise<FoundRows | null>;
    }
  /** By reading this checkout: there is no run. */
  | { readonly kind: "read"; read(): Promise<FoundRows> };

/** One line of the table at a glance. */
export interface HeadlineFigure<Rows> {
  what(rows: Rows): string;
  /** Null where this run did not measure it on the target. */
  of(rows: Rows, target: string): string | null;
  /** Its heading where a reader sees only what decides; absent where it is not among that. */
  readonly decidesAs?: string;
  /** Whether it is among the few that are told of a guest. */
  readonly isForGuests?: true;
}

/** `Rows` is what it finds, `Settings` what it is told, `Flags` what commander makes of the command line. */
export interface Experiment<
  Rows extends FoundRows = FoundRows,
  Settings = unknown,
  Flags extends object = object,
> {
  /** The command, and the experiment's name in results. */
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  readonly flags: readonly Flag[];
  readonly shared: SharedFlags;
  /** At which profiles `compare` plays it, where it is not named. */
  readonly inCompare: readonly ProfileName[];
  /** Whether `compare` plays it where it is named, though it does at no profile by itself. */
  readonly isNamedInCompare?: true;
  /** Whether it injects faults: where it then decides nothing of a target, that is a finding of its own. */
  readonly injectsFaults: boolean;
  readonly rows: SchemasOf<Rows>;
  readonly settings: z.ZodType<Settings>;
  /** Sizes, from the flags, or else from the profile; the lease is the run's. @throws UsageError for what cannot be. Pure. */
  settingsFrom(flags: Partial<Flags>, profile: ProfileName, leaseMs: number): Settings;
  /** What it answers without any run, in a line; null where a run is wanted. */
  answer?(flags: Partial<Flags>): string | null;
  /** @throws UsageError where these targets cannot be asked for this. */
  refuse?(targets: readonly Target[], settings: Settings, options: RunOptions): void;
  readonly play: Play<Settings>;
  /** What it reads out of the run of a plan, by whichever experiment. Pure. */
  judgePlan?(played: PlayedPlan): Partial<Rows>;
  /** Its rows again, from the history of a kept run. Pure. */
  judgeAgain?(kept: KeptRun<Settings>): FoundRows;

  /** The tables that answer its question; empty ones are left out. */
  overviews(rows: Rows): readonly Table[];
  /** The tables on which those answers rest. */
  details?(rows: Rows): readonly Table[];
  /** Tables for a page with little room. */
  brief?(rows: Rows): readonly Table[];
  figures(rows: Rows): readonly FigureRow[];
  decisions?(rows: Rows): readonly Decision[];
  readonly headline?: readonly HeadlineFigure<Rows>[];
  /** What a reader takes away of a target; null where it says nothing of it. */
  clause?(rows: Rows, target: string): string | null;
  /** What a reader takes away that is about no target. */
  sentences?(rows: Rows): readonly string[];
  remarks?(rows: Rows): Partial<Remarks>;
  /** What of its ledgers the page draws; `settings` are null where it did not run. */
  drawn?(rows: Rows, settings: Settings | null): Partial<Drawn>;
  /** What else its sections of the page show, by name. */
  pageExtras?(facts: RunFacts): Promise<Readonly<Record<string, unknown>>>;
}
