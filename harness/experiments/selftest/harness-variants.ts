/**
 * Broken variants of the harness itself, each run as a command of its own from a copy: what it says of a run that it
 * cannot trust must be `unknown`, `fail` or an error, never `pass`.
 */
import { join } from "node:path";
import pLimit from "p-limit";
import { z } from "zod";
import { writeEditedCopy } from "../../engines/edited-copy.ts";
import { readResultsFile } from "../../report/results-file.ts";
import { verdictValue } from "../../report/schema-parts.ts";
import type { Run } from "../../run/run.ts";
import { type HarnessVariant, smallChaos } from "./harness-variant-list.ts";
import type { SelftestRow } from "./rows.ts";

/** What of a copy's results is read. */
const saidInResults = z.looseObject({
  verdicts: z.array(
    z.looseObject({
      invariant: z.string(),
      guaranteed: z.boolean(),
      verdict: verdictValue,
      reason: z.string().nullable(),
    }),
  ),
  faults: z.array(z.unknown()),
});

/** What a command had to say, line by line. */
interface Said {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly faults: number;
  readonly wallMs: number;
}

/** Plays the variants, each of which is a whole run; no more than two at once, or they would disturb each other. */
export async function playHarnessVariants(
  run: Run,
  variants: readonly HarnessVariant[],
  leaseMs: number,
  onCase: () => void,
): Promise<readonly SelftestRow[]> {
  const atMostTwo = pLimit(2);
  const needsOriginal = variants.some(({ command }) => command === smallChaos);
  const original = atMostTwo(() =>
    needsOriginal ? runCopy(run, { name: "original", edits: [], command: smallChaos }, leaseMs) : null,
  );
  return Promise.all(
    variants.map(async (variant) => {
      const said = await atMostTwo(() => runCopy(run, variant, leaseMs));
      onCase();
      return rowOf(variant, said, variant.command === smallChaos ? await original : null);
    }),
  );
}

/** `original` is what the real harness said to the same command, where there is such a one. */
function rowOf(variant: HarnessVariant, said: Said, original: Said | null): SelftestRow {
  const { name, defect, expected } = variant;
  const signsIn = ({ lines }: Said) => lines.filter((line) => variant.sign.test(line));
  const signs = signsIn(said);
  const isCaught = said.code !== 0 && signs.length > 0;
  const isFalse = original !== null && signsIn(original).length > 0;
  return {
    variant: name,
    of: "harness",
    defect,
    provocation: original === null ? "A run of a plan of its own." : "A small run of chaos.",
    expected,
    caughtBy: (signs.length > 0 ? signs : said.lines).slice(0, 1),
    verdict: isCaught && !isFalse ? "pass" : "fail",
    provoked: 1,
    violating: isCaught ? 1 : 0,
    rate95: null,
    originalProvoked: original === null ? 0 : 1,
    originalViolating: isFalse ? 1 : 0,
    faults: said.faults,
    wallMs: Math.round(said.wallMs),
    defence: null,
  };
}

async function runCopy(
  run: Run,
  { name, edits, command }: Pick<HarnessVariant, "name" | "edits" | "command">,
  leaseMs: number,
): Promise<Said> {
  const startedAt = performance.now();
  const folder = join(run.reaper.folder, "variants", name);
  const results = join(folder, "results");
  writeEditedCopy(folder, edits);
  const child = run.reaper.spawn({
    name: `variant-${name}`,
    file: process.execPath,
    args: [join(folder, "harness", "cli.ts"), ...command(folder, leaseMs), "--results", results],
  });
  const { code } = await child.exited;
  const wallMs = performance.now() - startedAt;
  const file = join(results, "latest", "results.json");
  const found = await readResultsFile(file, saidInResults).catch(() => null);
  if (found === null) return { code, lines: child.log().slice(-2), faults: 0, wallMs };
  const doubtful = found.verdicts.filter((row) => row.guaranteed && row.verdict !== "pass");
  return {
    code,
    lines: doubtful.map(
      ({ invariant, verdict, reason }) => `${invariant}: ${verdict}, ${reason ?? "violated"}`,
    ),
    faults: found.faults.length,
    wallMs,
  };
}
