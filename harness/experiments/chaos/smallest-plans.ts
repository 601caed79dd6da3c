/** Which smaller plan fails as the whole one did, and how to play it. */
import { commandLineOf } from "../../report/command-line.ts";
import { counted } from "../../report/numbers.ts";
import type { ChaosRows } from "./rows.ts";

/** One sentence for each violated guarantee that was searched for, with the command that plays what was found. Pure. */
export function smallestPlanSentences({
  smallestPlans,
}: Pick<ChaosRows, "smallestPlans">): readonly string[] {
  return smallestPlans.map(({ target, invariant, mode, file, sessions, faults, tried }) => {
    const what = `${invariant} on ${target}, ${mode}`;
    const played = counted(tried, "smaller plan");
    if (file === null) return `${what}: of ${played} that were played, none failed as the whole one did.`;
    const command = commandLineOf({ command: "replay", arguments: [file, "--targets", target] });
    const size = `${counted(sessions, "session")} and ${counted(faults, "fault")}`;
    return `${what}: the smallest plan seen to fail, of ${played} that were played, has ${size}: ${command}`;
  });
}
