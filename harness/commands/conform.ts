/** The command `conform` from the outside: a folder, a store, and one line for each rule of the contract. */
import { resolve } from "node:path";
import { conform, type RuleOutcome, ruleCount } from "../conform/conform.ts";
import { UsageError } from "../errors.ts";
import { commandLineOf } from "../report/command-line.ts";
import { counted, seconds } from "../report/numbers.ts";
import { printable } from "../report/printable.ts";
import { endOnInterruption, wasInterrupted } from "../run/interruption.ts";
import { Run } from "../run/run.ts";
import type { Target } from "../run/target.ts";
import type { EmptyStoreName } from "../stores/kinds.ts";
import { anyFreePorts, portsFrom } from "../stores/ports.ts";
import { implementationIn, unlistedTarget, usualTargets } from "../targets/targets.ts";
import { leaseOf } from "./run.ts";

export interface ConformOptions {
  /** Of the folder. */
  readonly store?: EmptyStoreName;
  /** An engine's folder, which is loaded. */
  readonly engine?: string;
  readonly port?: number;
  /** Time until a dead worker's work is taken over, ms; what fits the machine, where it is left out. */
  readonly lease?: number;
  /** Where the history of what was tried goes. */
  readonly results: string;
  /** The same, by the flag's former name. */
  readonly history?: string;
}

/**
 * Plays the contract's rules on the implementation in a folder, or on each target of the engine that is loaded. Resolves
 * with the exit code, the highest of all. @throws UsageError for another folder.
 */
export async function runConform(folder: string | undefined, options: ConformOptions): Promise<number> {
  const codes: number[] = [];
  for (const target of targetsIn(folder, options)) codes.push(await conformOf(target, options));
  return Math.max(...codes);
}

function targetsIn(folder: string | undefined, { engine, store }: ConformOptions): readonly Target[] {
  if (engine === undefined && folder !== undefined && store !== undefined)
    return [unlistedTarget(implementationIn(folder), store)];
  if (engine !== undefined && folder === undefined && store === undefined) return usualTargets();
  throw new UsageError(
    "conform wants a folder and the store that it runs on, or an engine.",
    `Name them: ${commandLineOf({ command: "conform", arguments: ["FOLDER", "--store", "redis"] })}, or --engine FOLDER where it has a manifest.`,
  );
}

async function conformOf(
  target: Target,
  { port, lease, results, history = results }: ConformOptions,
): Promise<number> {
  const reason = await target.whyUnavailable();
  if (reason !== null) {
    console.log(`${printable(target.name)} is unavailable: ${reason}`);
    return 2;
  }
  const { leaseMs, reason: why } = await leaseOf({ lease });
  const ports = port === undefined ? anyFreePorts : portsFrom(port);
  const run = await Run.open({ seed: null, durability: "process", ports, resultsFolder: resolve(history) });
  const isOver = endOnInterruption(run);
  try {
    console.log(`Lease ${seconds(leaseMs)}: ${why}.`);
    console.log(`${printable(target.name)}, history in ${run.folder}\n`);
    const tell = (outcome: RuleOutcome) => {
      if (!wasInterrupted()) console.log(linesOf(outcome).map(printable).join("\n"));
    };
    const outcomes = await run.orFailure(conform(run, target, tell, { leaseMs }));
    console.log(`\n${conclusionOf(outcomes)}`);
    if (outcomes.some(({ isKept }) => isKept === false)) return 1;
    return outcomes.some(({ isKept }) => isKept === null) ? 2 : 0;
  } finally {
    isOver();
    await run.close();
  }
}

/** How much of what was wrong is shown. */
const wrongShown = 3;

function linesOf({
  sentence,
  isKept,
  disturbances,
  wrong,
  fix,
  playedAgain,
}: RuleOutcome): readonly string[] {
  const again =
    playedAgain === 0 ? "" : ` (inconclusive at first; played again ${counted(playedAgain, "time")})`;
  if (isKept) return [`✓ ${sentence}${again}`];
  const shown = wrong.slice(0, wrongShown).map((each) => `    Failed: ${each}`);
  const more = wrong.length - shown.length;
  return [
    `${isKept === null ? "?" : "✗"} ${sentence}${again}`,
    ...shown,
    ...(more > 0 ? [`    … and ${more} more.`] : []),
    isKept === null
      ? `    Inconclusive: ${disturbances[0]}. Run it again on a quiet machine.`
      : `    What to do: ${fix}`,
  ];
}

function conclusionOf(outcomes: readonly RuleOutcome[]): string {
  const kept = outcomes.filter(({ isKept }) => isKept).length;
  const next =
    kept < ruleCount
      ? ""
      : " Next: describe it in a manifest and run the full suite (implementations/README.md).";
  const unplayed = ruleCount - outcomes.length;
  const others =
    unplayed === 0 ? "" : ` The other ${unplayed} were not played: nothing of them would come about.`;
  return `${kept} of ${outcomes.length} rules kept.${others}${next}`;
}
