/** Runs a program that loads a store and says how fast that answered. It ends by itself. */
import { basename } from "node:path";
import { execa, type Result } from "execa";
import { lastLineOf } from "../../processes/last-log-line.ts";
import type { RateAlone } from "../store.ts";

/** As many as wait for an answer at the same time. */
export const connections = 16;
/** How long a store is measured, ms. */
export const measuredMs = 2_000;
/** A program that takes longer than this hangs, ms. */
const longestMs = 30_000;

interface Benchmark {
  readonly file: string;
  readonly args: readonly string[];
  /** Secrets go here: arguments can be read by every user of the machine. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** What a program said that ran to its end, or why there is none. */
export type Said =
  | { readonly kind: "output"; readonly output: string }
  | Extract<RateAlone, { readonly kind: "unknown" }>;

export async function runBenchmark({ file, args, env = {}, input = "" }: Benchmark): Promise<Said> {
  const ran = await execa(file, args, { env, input, reject: false, timeout: longestMs });
  if (!ran.failed) return { kind: "output", output: ran.stdout ?? "" };
  return { kind: "unknown", why: `${basename(file)} ${howItFailed(ran)}` };
}

/** The command itself is not in it, since its arguments may hold a password. */
function howItFailed({ code, timedOut, stderr }: Pick<Result, "code" | "timedOut" | "stderr">): string {
  if (code === "ENOENT") return "was not found";
  if (timedOut) return `did not end within ${longestMs / 1_000} s`;
  return `failed: ${lastLineOf(String(stderr).trim().split("\n"))}`;
}
