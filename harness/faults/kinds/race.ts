/** So many callers start the session at the same moment as its first caller, from all clients. */
import { z } from "zod";
import { armed, armedKind, repetitions } from "./kind.ts";

export const race = armedKind(z.strictObject({ kind: z.literal("race"), ...armed, callers: repetitions }), {
  harm: "none",
  weight: 6,
  draw: (draw) => ({ callers: draw(1, 4) }),
  callersOf: ({ callers }) => callers,
  simplerForms: (fault) => (fault.callers > 1 ? [{ ...fault, callers: 1 }] : []),
});
