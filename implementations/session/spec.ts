/**
 * What a user session is and what its lifecycle returns: the one vocabulary that the
 * implementations, the plan and the checkers share.
 */
// concern: vocabulary
import { z } from "zod";

/** Half a surrogate pair becomes another character on its way through UTF-8: two ids would be one there. */
const isWellFormed = (text: string) => text.isWellFormed();
const wellFormed = "half a surrogate pair is no text";

/** One thing a user did while logged in; recorded once, in order. */
export const activitySchema = z.strictObject({
  action: z.string().min(1).refine(isWellFormed, wellFormed),
  target: z.string().refine(isWellFormed, wellFormed),
});

/** The last date is 8,640,000,000,000,000 ms after the epoch; this leaves some centuries until a window may begin. */
const longestIdleMs = 8.6e15;

/** Input of the lifecycle. `sessionId` excludes `:` (it separates ids in both engines) and NUL. */
export const sessionSpecSchema = z.strictObject({
  sessionId: z
    .string()
    .regex(/^[^:\0]+$/, "a session id is not empty and contains neither ':' nor NUL")
    .refine(isWellFormed, wellFormed),
  userId: z.string().min(1).refine(isWellFormed, wellFormed),
  activities: z.array(activitySchema).readonly(),
  /** How long the session may idle before it expires, ms; 0 where it expires as soon as it idles. The deadline must be a date. */
  idleTimeoutMs: z.int().nonnegative().max(longestIdleMs, "the deadline would be no date"),
});

export type Activity = z.infer<typeof activitySchema>;
export type SessionSpec = Readonly<z.infer<typeof sessionSpecSchema>>;

/** Output of the lifecycle. Times are ms since the epoch on the world's clock. */
export const sessionResultSchema = z.strictObject({
  sessionId: z.string(),
  userId: z.string(),
  finalStatus: z.literal("cleaned_up"),
  activitiesRecorded: z.int().nonnegative(),
  loginAt: z.number(),
  expiredAt: z.number(),
  cleanedAt: z.number(),
});

export type SessionResult = Readonly<z.infer<typeof sessionResultSchema>>;
