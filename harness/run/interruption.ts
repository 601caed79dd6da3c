/** What becomes of a run that is interrupted: none of its processes outlives it, and what it has seen stays. */
import type { Run } from "./run.ts";

let isInterrupted = false;

/** Whether this process is about to end because somebody wanted it to: what fails from then on is no failure. */
export function wasInterrupted(): boolean {
  return isInterrupted;
}

/** The same, but what fails once the run was interrupted, since its processes are gone, never comes back: nobody wants to read it. */
export async function unlessInterrupted<T>(underWay: Promise<T>): Promise<T> {
  try {
    return await underWay;
  } catch (error) {
    if (isInterrupted) return new Promise(() => {});
    throw error;
  }
}

/** Ends the run and this process on Ctrl-C, until the function that it returns is called. */
export function endOnInterruption(run: Run): () => void {
  return onInterruption(() => {
    console.error(`Interrupted. What was seen so far is in ${run.folder}`);
    isInterrupted = true;
    void run.reaper.stop().then(() => process.exit(130));
  });
}

/**
 * Does this on Ctrl-C or SIGTERM, and ends this process at once on the second, until the function that it returns is called. It
 * listens on meanwhile: as soon as nobody else does, `signal-exit`, of Execa, sends this process the signal anew.
 */
export function onInterruption(then: () => void): () => void {
  let isFirst = true;
  const interrupted = () => {
    if (!isFirst) process.exit(130);
    isFirst = false;
    then();
  };
  process.on("SIGINT", interrupted).on("SIGTERM", interrupted);
  return () => process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
}
