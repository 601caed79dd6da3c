/**
 * The names of the lifecycle's steps and of the effects that each has on the outside world,
 * in order. The implementations use them as checkpoints; the checkers use them as the law.
 */
// concern: vocabulary

export type RecordStep = `record:${number}`;

/** `notify` is in no version of the lifecycle that is published: the experiment `upgrade` adds it. */
export type Step = "login" | RecordStep | "mark-idle" | "notify" | "expire" | "cleanup";

export type Effect =
  | "issue-token"
  | "set-cache"
  | "append-activity"
  | "set-idle"
  | "send-notice"
  | "set-expired"
  | "revoke-token"
  | "clear-cache"
  | "write-audit";

export function recordStep(index: number): RecordStep {
  return `record:${index}`;
}

export function isRecordStep(step: Step): step is RecordStep {
  return step.startsWith("record:");
}

/** Which of the session's activities the step records, from 0. */
export function recordIndex(step: RecordStep): number {
  return Number(step.slice("record:".length));
}

// counts where used: stepsOf
/** All steps of a session with this many activities, in lifecycle order. The wait lies between `mark-idle` and `expire`. */
export function stepsOf(activityCount: number): readonly Step[] {
  const records = Array.from({ length: activityCount }, (_, index) => recordStep(index));
  return ["login", ...records, "mark-idle", "expire", "cleanup"];
}

/** The effects of one step, in the order in which they land. */
export function effectsOf(step: Step): readonly Effect[] {
  switch (step) {
    case "login":
      return ["issue-token", "set-cache"];
    case "mark-idle":
      return ["set-idle"];
    case "notify":
      return ["send-notice"];
    case "expire":
      return ["set-expired"];
    case "cleanup":
      return ["revoke-token", "clear-cache", "write-audit"];
    default:
      return ["append-activity"];
  }
}
