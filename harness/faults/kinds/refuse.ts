/** The store is up, and answers every write with an error, for `forMs`: one that is full, read-only, or overloaded. */
import { z } from "zod";
import { drawLeases, durationMs, timed, timedKind } from "./kind.ts";

export const refuse = timedKind(z.strictObject({ kind: z.literal("refuse"), ...timed, forMs: durationMs }), {
  harm: "outage",
  weight: 1, // it stops everybody
  places: 3,
  needs: "refusal",
  // For less than a lease, or for more.
  draw: (draw, { leaseMs }) => ({
    forMs: draw(0, 1) === 0 ? drawLeases(draw, leaseMs, 0.1, 0.6) : drawLeases(draw, leaseMs, 1.2, 2),
  }),
  victimsOf: () => [{ kind: "store" }],
  endOf: ({ atMs, forMs }) => atMs + forMs,
  whatItStops: () => ({ whom: "everybody", isTotal: true }),
  async inject({ forMs }, { begin, end, delay, store }) {
    await begin({ workers: [] });
    await store.refuseWrites(true);
    await delay(forMs);
    await store.refuseWrites(false);
    await end();
  },
});
