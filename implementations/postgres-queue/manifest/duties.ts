/** What whoever writes a queue into a table must get right, and what breaks otherwise. Each has a broken variant, in `variants.ts`. */
import type { Duty } from "../../../harness/engines/variant.ts";

export const duties = {
  key: {
    says: "Each effect carries an idempotency key that names session and step, the same at each try.",
    otherwise: "A step that is repeated lands its effect twice.",
  },
  effectFirst: {
    says: "The effect comes first, then its mark in the row.",
    otherwise: "A worker that dies between the two loses the effect.",
  },
  rowLock: {
    says: "Whoever looks for due sessions locks the rows that it takes (`FOR UPDATE SKIP LOCKED`).",
    otherwise: "Two workers that look at the same moment take the same session.",
  },
  lease: {
    says: "Taking a session sets its lease in the same statement.",
    otherwise: "Every other worker that looks takes it too.",
  },
  renewal: {
    says: "The lease is renewed for as long as its worker lives.",
    otherwise: "A step that takes longer is taken over while it runs.",
  },
  fence: {
    says: "Each change of the row checks a fencing number that grows when the session is taken.",
    otherwise: "A worker that was stopped for longer than its lease goes on beside its successor.",
  },
  durableWait: {
    says: "The wait is a time in the row, which any worker finds.",
    otherwise: "The wait dies with its worker, and begins anew on the next one.",
  },
  deadline: {
    says: "The deadline is absolute, counted from the time of mark-idle.",
    otherwise: "A worker that dies before the row has it leaves the next one to begin the window anew.",
  },
  polled: {
    says: "Workers look for due sessions from time to time, whether or not a notice came.",
    otherwise:
      "Nobody gives notice when a time has come: a session that waits, or whose worker died, is found by nobody.",
  },
  oneRow: {
    says: "Adding a session leaves the row alone that is there.",
    otherwise: "A late caller runs the session again, from login.",
  },
  result: {
    says: "Whoever waits for a result reads the row too, at once and from time to time.",
    otherwise: "A caller that comes after the end waits for ever.",
  },
  drain: {
    says: "A worker that is told to leave takes no more sessions, ends the step of each that it holds, and lets go of it.",
    otherwise:
      "Each deploy cuts the steps that are under way in two: another worker runs them again, a lease later.",
  },
  looksAgain: {
    says: "A worker whose look for due sessions failed looks again.",
    otherwise: "It lives on and takes no session any more, once its connection broke.",
  },
} as const satisfies Readonly<Record<string, Duty>>;
