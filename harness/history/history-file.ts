/**
 * `history.jsonl`: every entry of every ledger of a run that is kept, one line each, written as it happens, so that a run
 * that is killed half-way leaves what it saw.
 */
import { appendFileSync, closeSync, createReadStream, openSync, renameSync, writeSync } from "node:fs";
import { z } from "zod";
import { currentName } from "../../implementations/former-names.ts";
import { MachineError, messageOf, UnreadableResultsError } from "../errors.ts";
import type { Entry } from "../world/entry.ts";

/** What every line has; which other fields there are depends on the kind. */
const lineSchema = z.looseObject({
  experiment: z.string(),
  target: z.string(),
  seq: z.string(),
  at: z.number(),
  kind: z.string(),
});

/** The ledger of one experiment on one target. */
export interface Ledger {
  readonly experiment: string;
  readonly target: string;
  readonly entries: readonly Entry[];
}

export class HistoryFile {
  /** How many entries it has. */
  count = 0;
  private readonly path: string;
  private readonly file: number;
  private readonly failure = Promise.withResolvers<never>();

  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, "wx");
    this.failure.promise.catch(() => {}); // whoever awaits it is told; nobody may be awaiting it yet
  }

  /** Rejects with a MachineError when something could not be written: from then on nobody knows what happens. */
  get failed(): Promise<never> {
    return this.failure.promise;
  }

  /** @throws MachineError as {@link failed} does. */
  write(experiment: string, target: string, entries: readonly Entry[]): void {
    const lines = entries.map((entry) => `${JSON.stringify({ experiment, target, ...entry })}\n`);
    try {
      appendFileSync(this.file, lines.join(""));
    } catch (error) {
      const why = messageOf(error);
      const unwritten = new MachineError(
        `${this.path} cannot be written (${why}).`,
        "Make room there, or name another folder with --results.",
        { cause: error },
      );
      this.failure.reject(unwritten);
      throw unwritten;
    }
    this.count += lines.length;
  }

  close(): void {
    closeSync(this.file);
  }
}

/**
 * The ledgers of a run, in the order in which they began. That workers were alive is left out unless it is asked for: it
 * is every second entry, and only the checkers need it.
 * @throws UnreadableResultsError when the file is missing or damaged, or has fewer entries than `atLeast`; a last line that a
 * kill tore is left out.
 */
export async function readHistory(
  path: string,
  { withBeats = false, atLeast = 0 }: { readonly withBeats?: boolean; readonly atLeast?: number } = {},
): Promise<readonly Ledger[]> {
  const ledgers = new Map<string, Ledger & { readonly entries: Entry[] }>();
  let torn: number | null = null;
  let lineNumber = 0;
  try {
    for await (const text of linesOf(path)) {
      lineNumber += 1;
      if (torn !== null) break;
      const line = lineIn(text);
      if (line === null) torn = lineNumber;
      else if (withBeats || line.kind !== "alive") {
        const { experiment, target: nameThen, ...entry } = line;
        const target = currentName(nameThen);
        const name = nameOf(line);
        const ledger = ledgers.get(name) ?? { experiment, target, entries: [] };
        ledgers.set(name, ledger);
        ledger.entries.push(entry as Entry); // this harness wrote it
      }
    }
  } catch (error) {
    const why = messageOf(error);
    throw unreadable(`${path} cannot be read (${why}).`, error);
  }
  if (torn !== null && torn < lineNumber) throw unreadable(`${path} is damaged in line ${torn}.`);
  const whole = torn === null ? lineNumber : torn - 1;
  if (whole < atLeast)
    throw unreadable(`${path} is not whole: ${whole} of the run's ${atLeast} entries are there.`);
  return [...ledgers.values()];
}

/**
 * Puts the ledgers of one history in place of those that another has of the same experiments and targets; the first file is
 * written anew, whole or not at all. @throws UnreadableResultsError when one of them is missing or damaged.
 */
export async function withLedgersOf(path: string, newer: string): Promise<void> {
  const replaced = new Set((await readHistory(newer)).map(nameOf));
  const merged = `${path}.merged`;
  await copyLedgers(path, merged, (ledger) => !replaced.has(nameOf(ledger)));
  await copyLedgers(newer, merged, () => true);
  renameSync(merged, path);
}

/** Appends to a file, which need not be there, those ledgers of a history that are wanted. */
export async function copyLedgers(
  from: string,
  to: string,
  isWanted: (ledger: Pick<Ledger, "experiment" | "target">) => boolean,
): Promise<void> {
  const file = openSync(to, "a");
  try {
    for await (const text of linesOf(from)) {
      const line = lineIn(text);
      if (line !== null && isWanted(line)) writeSync(file, `${text}\n`);
    }
  } finally {
    closeSync(file);
  }
}

const nameOf = ({ experiment, target }: Pick<Ledger, "experiment" | "target">) =>
  `${experiment} ${currentName(target)}`;

/** The lines of a file, which end at `\n` alone: an id may hold what else ends a line for Unicode, such as U+2028. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of createReadStream(path, "utf8")) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

function lineIn(text: string): z.infer<typeof lineSchema> | null {
  try {
    return lineSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function unreadable(cause: string, error?: unknown): UnreadableResultsError {
  return new UnreadableResultsError(cause, "Name the folder of a run that has ended.", { cause: error });
}
