/** Plays what shows a finding, in processes of its own, and says how it turned out. */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import type { Finding, Showing, StoreForScript } from "../engines/finding.ts";
import { whyNotInstalled } from "../engines/packages.ts";
import { formatError } from "../errors.ts";
import { readResults } from "../experiments/results.ts";
import { Reaper } from "../processes/reaper.ts";
import { repositoryRoot } from "../repository.ts";
import { timing } from "../run/timing.ts";
import { type StoreKind, type StoreOptions, storeKinds } from "../stores/kinds.ts";
import { anyFreePorts } from "../stores/ports.ts";
import { sweepModule } from "../stores/sweep.ts";
import { targetsNamed } from "../targets/targets.ts";
import { scriptOf } from "./draft.ts";
import {
  type Outcome,
  outcomeOfClaim,
  outcomeOfScript,
  outcomeOfTest,
  outcomeOfVariant,
  reproduces,
  together,
  undecided,
} from "./outcome.ts";

/** What its showings are given. */
export interface PlaySettings {
  readonly stores: StoreOptions;
  /** What says the same to processes. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Why a finding cannot be played on this machine; null where it can. */
export async function whyNotHere(
  { shownBy, needs = [] }: Finding,
  stores: StoreOptions,
): Promise<string | null> {
  const storeOf = (showing: Showing): readonly Pick<StoreKind, "whyUnavailable">[] => {
    if (showing.kind === "claim") return targetsNamed(showing.target, stores);
    return showing.kind === "script" && showing.store !== undefined
      ? [storeKinds[showing.store.kind](stores)]
      : [];
  };
  for (const showing of shownBy) {
    const reason = whyNotInstalled(pathToFileURL(`${packagesOf(showing)}/`).href);
    if (reason !== null) return reason;
  }
  for (const store of [...needs.map((kind) => storeKinds[kind](stores)), ...shownBy.flatMap(storeOf)]) {
    const reason = await store.whyUnavailable();
    if (reason !== null) return reason;
  }
  return null;
}

/** The folder whose packages show it. */
function packagesOf(showing: Showing): string {
  const guest = showing.kind === "script" ? showing.packagesOf : undefined;
  return guest === undefined ? repositoryRoot : join(repositoryRoot, "implementations", guest);
}

/** Plays all showings of a finding, one after another, up to the first that does not show it. */
export async function play({ shownBy, takesS }: Finding, settings: PlaySettings): Promise<Outcome> {
  const limitMs = (4 * takesS + 60) * 1000;
  const outcomes: Outcome[] = [];
  for (const showing of shownBy) {
    const folder = await mkdtemp(join(tmpdir(), "killproof-finding-"));
    try {
      outcomes.push(await playOne(showing, { ...settings, folder, limitMs }));
    } catch (error) {
      outcomes.push(undecided(formatError(error).lines.join(" "))); // it is one of many
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    if (outcomes.at(-1) !== reproduces) break;
  }
  return together(outcomes);
}

interface Within extends PlaySettings {
  /** For whatever is written; it goes afterwards. */
  readonly folder: string;
  readonly limitMs: number;
}

function playOne(showing: Showing, within: Within): Promise<Outcome> {
  switch (showing.kind) {
    case "script":
      return playScript(showing, within);
    case "claim":
      return playCommand(
        ["claims", "--claim", showing.claim, "--targets", showing.target],
        within,
        (results) => outcomeOfClaim(results, showing.target, showing.shows),
      );
    case "variant":
      return playCommand(["selftest", "--variant", showing.variant], within, (results) =>
        outcomeOfVariant(results, showing.variant),
      );
    case "test":
      return playTest(showing.file, showing.name, within);
  }
}

async function playScript(
  showing: Extract<Showing, { readonly kind: "script" }>,
  { folder, limitMs, stores }: Within,
): Promise<Outcome> {
  const { draft, store } = showing;
  const file = join(folder, "finding.mjs");
  writeFileSync(file, scriptOf(draft));
  symlinkSync(join(packagesOf(showing), "node_modules"), join(folder, "node_modules"));
  const reaper = await Reaper.start();
  try {
    const env = store === undefined ? {} : await startStore(reaper, store, stores);
    const child = reaper.spawn({ name: "finding", file: process.execPath, args: [file], env });
    const exit = await Promise.race([child.exited, delay(limitMs, null, { ref: false })]);
    return exit === null ? tooLong(limitMs) : outcomeOfScript(exit.code, child.log());
  } finally {
    await reaper.stop();
  }
}

/** Starts a store; resolves with the variables that name it. */
async function startStore(
  reaper: Reaper,
  { kind, url, secret }: StoreForScript,
  options: StoreOptions,
): Promise<Readonly<Record<string, string>>> {
  const { address } = await storeKinds[kind](options).startStore({
    folder: join(reaper.folder, "store"),
    port: await anyFreePorts.next(),
    nextPort: () => anyFreePorts.next(),
    durability: "process",
    leaseMs: timing.leaseMs,
    spawn: (command) => reaper.spawnVital(command),
    sweepAtEnd: (given) => reaper.sweepAtEnd(given, sweepModule),
  });
  if (secret !== undefined) return { [url]: address.url, [secret]: address.secret };
  const whole = new URL(address.url);
  whole.password = address.secret;
  return { [url]: whole.href };
}

async function playCommand(
  words: readonly string[],
  { folder, limitMs, variables }: Within,
  read: (results: Awaited<ReturnType<typeof readResults>>) => Outcome,
): Promise<Outcome> {
  const cli = join(repositoryRoot, "harness/cli.ts");
  const flags = ["--results", folder, "--format", "json"];
  const ended = await run(process.execPath, [cli, ...words, ...flags], limitMs, variables);
  if (ended.timedOut) return tooLong(limitMs);
  const file = join(folder, "latest/results.json");
  if (!existsSync(file)) return undecided(lastLine(ended.stderr));
  return read(await readResults(file));
}

async function playTest(
  file: string,
  name: string,
  { folder, limitMs, variables }: Within,
): Promise<Outcome> {
  const report = join(folder, "tests.json");
  const words = ["run", file, "-t", name, "--reporter=json", `--outputFile=${report}`];
  const ended = await run("vitest", words, limitMs, variables);
  if (ended.timedOut) return tooLong(limitMs);
  return outcomeOfTest(existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : null, name);
}

function run(
  file: string,
  words: readonly string[],
  timeout: number,
  variables: Readonly<Record<string, string>>,
) {
  return execa(file, words, {
    cwd: repositoryRoot,
    preferLocal: true,
    localDir: repositoryRoot,
    env: { ...variables, GITHUB_STEP_SUMMARY: "" }, // it is no result of a workflow
    stdin: "ignore",
    reject: false,
    timeout,
  });
}

function tooLong(limitMs: number): Outcome {
  return undecided(`it did not end within ${limitMs / 1000} s`);
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) || "it ended without results";
}
