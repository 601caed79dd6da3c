/**
 * The failures that a person is told about: what happened, and what to do, one line each. Everything else
 * that is thrown is a defect of Killproof and is told as one.
 */

abstract class ReportedError extends Error {
  /** What the process exits with. */
  abstract readonly exitCode: number;
  /** What happened, in one line; also the message. */
  readonly causeLine: string;
  /** What to do about it, in one line. */
  readonly fixLine: string;

  constructor(causeLine: string, fixLine: string, options?: ErrorOptions) {
    super(causeLine, options);
    this.name = new.target.name;
    this.causeLine = causeLine;
    this.fixLine = fixLine;
  }
}

/** The command line, or a file that it names, asks for something that cannot be done. */
export class UsageError extends ReportedError {
  readonly exitCode = 64;
}

/** A results file that cannot be read: missing, damaged, or of another schema version. */
export class UnreadableResultsError extends UsageError {}

/** The harness itself failed: what it says about the engines is worth nothing. */
export class HarnessError extends ReportedError {
  readonly exitCode = 70;
}

/** The machine lacks what a run needs: a port, a program. Whoever is tested has nothing to do with it. */
export class MachineError extends HarnessError {}

/** What was thrown says, which may be anything. Pure. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What to print for anything that was thrown, and what to exit with. */
export interface ErrorReport {
  readonly lines: readonly [causeLine: string, fixLine: string];
  readonly exitCode: number;
}

/** What the operating system says where nothing is wrong with a program, and what helps. */
const lacksOfMachine: ReadonlyMap<string | undefined, string> = new Map([
  ["ENOSPC", "Make room on that disk, or name another folder: --results, or TMPDIR for temporary files."],
  [
    "EDQUOT",
    "Raise the quota of that disk, or name another folder: --results, or TMPDIR for temporary files.",
  ],
  ["EROFS", "Name a folder that can be written to: --results, or TMPDIR for temporary files."],
  ["EMFILE", "Let a process open more files (ulimit -n), or ask for fewer workers and clients."],
  ["ENFILE", "Let the system open more files, or end other programs."],
]);

/** Pure. Two lines for a person, never a stack; for a defect the second one names the place. */
export function formatError(thrown: unknown): ErrorReport {
  if (thrown instanceof ReportedError) {
    return { lines: [thrown.causeLine, thrown.fixLine], exitCode: thrown.exitCode };
  }
  const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown));
  const fix = lacksOfMachine.get(error.code);
  if (fix !== undefined) return { lines: [`The machine refused: ${error.message}.`, fix], exitCode: 70 };
  const place = error.stack?.split("\n").find((line) => /^\s+at /.test(line)) ?? " at an unknown place";
  const [causeLine = error.name] = `${error.name}: ${error.message}`.split("\n");
  return {
    lines: [causeLine, `This is a defect of Killproof, ${place.trim()}. Please report it with the seed.`],
    exitCode: 70,
  };
}
