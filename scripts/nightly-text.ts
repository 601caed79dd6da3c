/** What an issue says of a night that failed. It stands apart from `nightly-issue.ts`, which files it. */
import { commandLineOf } from "../harness/report/command-line.ts";
import type { Decision } from "../harness/report/decision.ts";
import { milliseconds } from "../harness/report/numbers.ts";
import { fenced, markdownText } from "../harness/report/printable.ts";
import type { Report } from "../harness/report/report.ts";

/** A run of `compare` that left no results: it broke off, or was broken off. */
export interface UnfinishedRun {
  /** The name of its folder. */
  readonly name: string;
  readonly seed: number | null;
  /** Null where it drew no plan. */
  readonly leaseMs: number | null;
}

export interface FailedNight {
  /** How each job ended, in GitHub's words, by its name. */
  readonly jobs: Readonly<Record<string, string>>;
  /** Address of the workflow's run; null outside of one. */
  readonly url: string | null;
  readonly commit: string | null;
  /** Null where the night came to none. */
  readonly run: Report | UnfinishedRun | null;
}

/** So many of the things that failed are listed. */
const listed = 20;

/** Markdown. Pure. Text that came from a session is escaped. */
export function nightlyText({ jobs, url, commit, run }: FailedNight): string {
  const ended = Object.entries(jobs).map(([job, result]) => `\`${job}\` ${markdownText(result)}`);
  const circumstances = [
    ...(ended.length === 0 ? [] : [`Jobs: ${ended.join(", ")}`]),
    ...(url === null ? [] : [`Workflow run, with the run's files: ${url}`]),
    `Commit: ${commit ?? "not known"}`,
    ...ofRun(run),
  ];
  const failures = run !== null && "facts" in run ? failuresIn(run) : [];
  const again = run === null ? null : commandLineOfNight(run);
  return [
    circumstances.map((line) => `- ${line}`).join("\n"),
    ...(failures.length === 0 ? [] : ["What did not hold:", fenced("text", failures)]),
    ...(again === null ? [] : ["The same again:", fenced("sh", [again])]),
  ].join("\n\n");
}

function ofRun(run: FailedNight["run"]): readonly string[] {
  if (run === null) return ["No run of `compare` was begun."];
  if (!("facts" in run)) {
    const { name, seed, leaseMs } = run;
    return [
      `Seed ${seed ?? "not known"}, lease ${leaseIn(leaseMs)}; run ${markdownText(name)} left no results`,
    ];
  }
  const { seed, leaseMs = null, profile, exitCode, startedAt } = run.facts.run;
  return [
    `Seed ${seed ?? "none"}, lease ${leaseIn(leaseMs)}, profile ${profile}, started ${startedAt}, exit code ${exitCode}`,
  ];
}

function leaseIn(leaseMs: number | null): string {
  return leaseMs === null ? "not known" : milliseconds(leaseMs);
}

/** What made it exit 1, or 2, a line each. */
function failuresIn({ decisions, targets }: Report): readonly string[] {
  const of = (verdict: Decision["verdict"]) => decisions.filter((decision) => decision.verdict === verdict);
  const lines = [
    ...of("fail").map(lineOf),
    ...of("unknown")
      .filter(({ unknownDecides }) => unknownDecides)
      .map((decision) => `unknown: ${lineOf(decision)}`),
    ...targets.flatMap(({ name, status, reason }) =>
      status === "unavailable" ? [`unavailable: ${name}: ${reason}`] : [],
    ),
  ];
  const hidden = lines.length - listed;
  return hidden > 0 ? [...lines.slice(0, listed), `… and ${hidden} more.`] : lines;
}

function lineOf({ suite, name, target, found }: Decision): string {
  const where = target === null || suite.includes(target) ? "" : ` on ${target}`;
  return `${suite}: ${name}${where}: ${found}`;
}

/** The line that makes the run again; of one without results, what is known of it. Null where that is nothing. */
function commandLineOfNight(run: Report | UnfinishedRun): string | null {
  if ("facts" in run) return commandLineOf(run.facts.run);
  const { seed, leaseMs } = run;
  if (seed === null) return null;
  const lease = leaseMs === null ? [] : ["--lease", String(leaseMs)];
  const words = ["--seed", String(seed), ...lease, "--profile", "standard"];
  return commandLineOf({ command: "compare", arguments: words });
}
