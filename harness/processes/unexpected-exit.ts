/** What is said of a process that ended without being told to. */
import { HarnessError } from "../errors.ts";
import type { Child, Exit } from "./reaper.ts";

/** By what a process ended. Pure. */
export function causeOf({ signal, code }: Pick<Exit, "code"> & { readonly signal: string | null }): string {
  return signal ?? `exit code ${code}`;
}

/** What is wrong with a run in which it did. `who` is its name in a sentence. */
export function unexpectedExit(
  who: string,
  { lastLogLine }: Pick<Child, "lastLogLine">,
  exit: Exit,
): HarnessError {
  return new HarnessError(
    `${who} exited unexpectedly (${causeOf(exit)}).`,
    `Last log line: ${lastLogLine()}`,
  );
}
