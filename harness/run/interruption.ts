/** What becomes of a run that is interrupted: none of its processes outlives it, and what it has seen stays. */
import type { Run } from "./run.ts";

/** Ends the run and this process on Ctrl-C, until the function that it returns is called. */
export function endOnInterruption(run: Run): () => void {
  const interrupted = () => {
    console.error(`Interrupted. What was seen so far is in ${run.folder}`);
    void run.reaper.stop().then(() => process.exit(130));
  };
  process.once("SIGINT", interrupted).once("SIGTERM", interrupted);
  return () => process.off("SIGINT", interrupted).off("SIGTERM", interrupted);
}
