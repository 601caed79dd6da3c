/** The steps of the lifecycle as a reader sees them: the activities are one, and the wait is one too. */

export const phases = ["login", "record", "mark-idle", "wait", "expire", "cleanup"] as const;
export type Phase = (typeof phases)[number];

/** The phase that a step is, or null for a name that is no step. Pure. */
export function phaseOfStep(step: string): Phase | null {
  if (step.startsWith("record:")) return "record";
  return phases.find((phase) => phase === step && phase !== "wait") ?? null;
}
