/** The command `conform` from the outside: a folder, a store, and one line for each rule of the contract. */
import { basename, resolve } from "node:path";
import { conform, type RuleOutcome } from "../conform/conform.ts";
import { implementationIn } from "../conform/modules.ts";
import { printable } from "../report/printable.ts";
import { endOnInterruption } from "../run/interruption.ts";
import { Run } from "../run/run.ts";
import { anyFreePorts, portsFrom } from "../stores/ports.ts";
import { type emptyStoreNames, unlistedTarget } from "../targets/targets.ts";

export interface ConformOptions {
  readonly store: (typeof emptyStoreNames)[number];
  readonly port?: number;
  readonly history: string;
}

/** Plays the contract's rules on the implementation in a folder. Resolves with the exit code. @throws UsageError for another folder. */
export async function runConform(folder: string, { store, port, history }: ConformOptions): Promise<number> {
  const target = unlistedTarget(implementationIn(folder), store);
  const reason = await target.whyUnavailable();
  if (reason !== null) {
    console.log(`${store} is unavailable: ${reason}`);
    return 2;
  }
  const ports = port === undefined ? anyFreePorts : portsFrom(port);
  const run = await Run.open({ seed: null, durability: "process", ports, resultsFolder: resolve(history) });
  const isOver = endOnInterruption(run);
  try {
    console.log(`${printable(basename(resolve(folder)))} on ${store}, history in ${run.folder}\n`);
    const tell = (outcome: RuleOutcome) => console.log(linesOf(outcome).map(printable).join("\n"));
    const outcomes = await Promise.race([conform(run, target, tell), run.reaper.failed]);
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

function linesOf({ sentence, isKept, wrong, fix }: RuleOutcome): readonly string[] {
  if (isKept) return [`✓ ${sentence}`];
  const shown = wrong.slice(0, wrongShown).map((each) => `    It was not so: ${each}`);
  const more = wrong.length - shown.length;
  return [
    `${isKept === null ? "?" : "✗"} ${sentence}`,
    ...shown,
    ...(more > 0 ? [`    … and ${more} more.`] : []),
    isKept === null
      ? "    A worker stood still meanwhile, with nobody's doing, so this proves nothing: try again when the machine is quiet."
      : `    What to do: ${fix}`,
  ];
}

function conclusionOf(outcomes: readonly RuleOutcome[]): string {
  const kept = outcomes.filter(({ isKept }) => isKept).length;
  const next =
    kept < outcomes.length
      ? ""
      : " Next: name it as a target, and let chaos, crash-matrix and claims loose on it (implementations/README.md).";
  return `${kept} of ${outcomes.length} rules kept.${next}`;
}
