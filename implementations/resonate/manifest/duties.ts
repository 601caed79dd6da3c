/** What whoever uses Resonate must get right, and what breaks otherwise. Each has a broken variant, in `variants.ts`. */
import type { Duty } from "../../../harness/engines/variant.ts";

const givenUp = "no expiry, no cleanup, and a token that lives on";

export const duties = {
  inRun: {
    says: "Each effect is a step of its own, behind `ctx.run`.",
    otherwise: "The call is made again at every replay, and nobody repeats one that failed.",
    defence: { name: "everything in ctx.run", words: /ctx\.run\(/ },
  },
  awaited: {
    says: "Nothing that must be done is started outside the context, or detached.",
    otherwise: "A worker that dies later leaves that undone, and there is no session left to take over.",
  },
  inTurn: {
    says: "Steps that need an order are awaited one by one.",
    otherwise: "Activities land in the order in which their services answer.",
  },
  deterministic: {
    says: "What the function calls, and in which order, follows from its arguments and from recorded results, and from nothing else.",
    otherwise:
      "Recorded results are handed out by position: a replay that calls one step less gives each step another one's result, and the session fails for good.",
  },
  durableWait: {
    says: "The wait is `ctx.sleep`, which the store keeps.",
    otherwise: "The wait dies with its worker, and begins anew on the next one.",
  },
  deadline: {
    says: "The deadline is absolute, counted from the recorded time of mark-idle.",
    otherwise:
      "A worker that dies before the timer is in the store leaves the next one to begin the window anew.",
    defence: { name: "absolute deadline", words: /idleAt/ },
  },
  key: {
    says: "Each effect carries an idempotency key that names session and step, the same at each try.",
    otherwise: "A step that is repeated lands its effect twice.",
    defence: { name: "stable key", words: /\bkey\(|const key|\}\|/ },
  },
  workflowId: {
    says: "The workflow's id is the session's.",
    otherwise: "Each caller starts a lifecycle of its own.",
    defence: { name: "stable workflow id", words: /`session\/\$/ },
  },
  errors: {
    says: "A step lets the error of its service out.",
    otherwise: "The step counts as done, is never tried again, and its effect is lost.",
  },
  timeout: {
    says: "The workflow's timeout outlasts the idle window and any outage (24 h by default).",
    otherwise: `The session is given up: ${givenUp}.`,
    defence: { name: "timeout", words: /timeout\b|boundMs/ },
  },
  stepTimeout: {
    says: "The timeout of each step outlasts whatever keeps its service from answering (24 h by default).",
    otherwise: `The first pass takes the step as done, the replay after the wait as failed: ${givenUp}.`,
  },
  version: {
    says: "Workers register the function under each version that a session was started with.",
    otherwise:
      "The session waits for ever, and its task is sent and released as fast as worker and store can speak.",
    defence: { name: "version", words: /\bversion\b/ },
  },
  drain: {
    says: "A worker that is told to leave hears of no more work and goes on until it holds none. The documentation lets the end of the process end it.",
    otherwise:
      "Each deploy cuts the steps that are under way in two: another worker runs them again, a lease later, which keys make harmless.",
    defence: { name: "drain", words: /\bdrain/i },
  },
  stream: {
    says: "A worker opens its stream of messages again, for as long as it lives (the SDK's own waits up to 30 s).",
    otherwise: "It lives on and hears of no work, and what only it could take waits for ever.",
  },
} as const satisfies Readonly<Record<string, Duty>>;
