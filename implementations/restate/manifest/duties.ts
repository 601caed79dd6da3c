/** What whoever writes a workflow for Restate must get right, and what breaks otherwise. Each has a broken variant, in `variants.ts`. */
import type { Duty } from "../../../harness/engines/variant.ts";

export const duties = {
  key: {
    says: "Each effect carries an idempotency key that names session and step, the same at each try.",
    otherwise: "A step that is repeated lands its effect twice.",
  },
  journaled: {
    says: "Each effect is inside a `ctx.run`.",
    otherwise:
      "Whatever stands beside it runs again whenever the handler is called again, after each wait too.",
  },
  deadline: {
    says: "A sleep is as long as is left until the deadline, counted from the time of mark-idle.",
    otherwise:
      "A worker that dies before the sleep is journaled leaves the next one to begin the window anew.",
  },
  attempts: {
    says: "The retry policy of the service bounds the attempts by a number that is never reached.",
    otherwise:
      "After 70 attempts a session is paused until somebody resumes it by hand: after about an hour without a worker by the default pauses, after half a minute by those here.",
    defence: { name: "attempts without a bound", words: /maxAttempts/ },
  },
  runRetries: {
    says: "The retries of a `ctx.run` are bounded by nothing.",
    otherwise:
      "A service that fails too often makes the failure the session's result, and its cleanup never comes.",
  },
  oneAddress: {
    says: "All workers of a group are registered by one address, behind which any of them answers.",
    otherwise:
      "A session is pinned to the address that it began on: nobody takes over from a worker that has its own.",
  },
  askBefore: {
    says: "A worker asks whether the server still waits on a connection before it begins a step that came over it.",
    otherwise:
      "One that stood still, or whose calls the network held back, works off calls that others have long answered.",
    defence: { name: "connections that are asked first", words: /ensureThere|ensureWanted|answered/ },
  },
  retention: {
    says: "The result of a workflow is kept for as long as somebody may start it again.",
    otherwise: "A late caller runs the session again, from login.",
  },
  drain: {
    says: "A worker that is told to leave takes no more calls, ends the step of each that it holds, and lets the next one be called elsewhere.",
    otherwise: "Each deploy cuts the steps that are under way in two: another worker runs them again.",
  },
} as const satisfies Readonly<Record<string, Duty>>;
