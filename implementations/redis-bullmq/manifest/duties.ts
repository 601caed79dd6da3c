/** What whoever builds the session on BullMQ must get right, and what breaks otherwise. Each has a broken variant, in `variants.ts`. */
import type { Duty } from "../../../harness/engines/variant.ts";

export const duties = {
  key: {
    says: "Each effect carries an idempotency key that names session and step, the same at each try.",
    otherwise: "A step that is repeated lands its effect twice.",
    defence: { name: "key", words: /idempotencyKey|\bkey, |sessionId\}\|/ },
  },
  effectFirst: {
    says: "The effect comes first, then its mark in the row.",
    otherwise: "A worker that dies between the two loses the effect.",
  },
  truthInRow: {
    says: "The next step and its absolute deadline are written together, before the job is parked; here in a row, since `updateData` is not fenced.",
    otherwise:
      "A death between parking the job and naming its step runs mark-idle again and restarts the wait, or ends the wait early.",
  },
  durableWait: {
    says: "The wait is the delayed job itself, which any worker may take.",
    otherwise: "The wait, or the call that ends it, dies with its worker.",
  },
  deadline: {
    says: "The deadline is absolute, counted from the time of mark-idle, and stands in the row.",
    otherwise: "A worker that dies before the row has it leaves the next one to begin the window anew.",
    defence: { name: "absolute deadline", words: /expireAt|\bnow\b/ },
  },
  tombstone: {
    says: "An ended session is remembered for longer than callers may be late, in a row or as a completed job.",
    otherwise: "A late caller runs the session again, from login.",
    defence: { name: "tombstone", words: /tombstone|EXPIRE/ },
  },
  stallLimit: {
    says: "`maxStalledCount` is raised (1 by default).",
    otherwise: "BullMQ fails the job for good when its second worker dies, whatever `attempts` says.",
    defence: { name: "stall limit", words: /maxStalledCount/ },
  },
  attempts: {
    says: "`attempts` is raised (1 by default).",
    otherwise: "BullMQ fails the job for good when a service has failed once.",
    defence: { name: "attempts", words: /\battempts:/ },
  },
  jobId: {
    says: "The job's id is made of the session's.",
    otherwise: "Each caller adds a job, and they run side by side.",
  },
  token: {
    says: "`moveToDelayed` is given the token.",
    otherwise: "A worker that lost its lock puts its successor's job to sleep.",
    defence: { name: "token", words: /\btoken\b/ },
  },
  fence: {
    says: "Each change of the row checks a fencing number, and a lost lock ends the run.",
    otherwise: "A worker that was stopped for longer than its lock goes on beside its successor.",
    defence: { name: "fence", words: /fence/i },
  },
  singleRun: {
    says: "A process runs a job once at a time (BullMQ 6.7.0 keeps the locks that it renews by job id alone).",
    otherwise:
      "The end of a run that had lost its lock ends the renewal for the run that took its place, which loses its lock in turn: a step longer than the lock starts again and again.",
    defence: { name: "single run", words: /singleRun|running\b/ },
  },
  result: {
    says: "Whoever waits for a result subscribes, then reads it, and reads it again from time to time.",
    otherwise: "A caller that comes after the end waits for ever.",
  },
  appendOnly: {
    says: "Redis keeps an append-only file (snapshots by default).",
    otherwise: "When Redis dies, what it has taken since its last snapshot is gone.",
    defence: { name: "AOF", where: "harness/stores/redis.ts", words: /appendfsync no"/ },
  },
  drain: {
    says: "A worker that is told to leave calls `close()` and waits for it.",
    otherwise:
      "Each deploy cuts the steps that are under way in two: another worker runs them again, a lease later.",
  },
  reconnect: {
    says: "`retryStrategy` never gives up.",
    otherwise: "A worker whose connections broke lives on and takes no job any more.",
  },
} as const satisfies Readonly<Record<string, Duty>>;
