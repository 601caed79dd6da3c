/** SIGKILL of the store; it starts again on the same data after `restartAfterMs`. */
import { z } from "zod";
import { drawLeases, durationMs, type InjectTools, timed, timedKind } from "./kind.ts";

export const killStore = timedKind(
  z.strictObject({ kind: z.literal("kill-store"), ...timed, restartAfterMs: durationMs }),
  {
    harm: "outage",
    weight: 1, // it stops everybody, on some engines for seconds more than it lasts
    places: 3,
    needs: "own",
    // Down for less than a lease, or for more.
    draw: (draw, { leaseMs }) => ({
      restartAfterMs:
        draw(0, 1) === 0 ? drawLeases(draw, leaseMs, 0.1, 0.6) : drawLeases(draw, leaseMs, 1.2, 2),
    }),
    victimsOf: () => [{ kind: "store" }],
    endOf: ({ atMs, restartAfterMs }) => atMs + restartAfterMs,
    whatItStops: () => ({ whom: "everybody", isTotal: true }),
    inject: takeAway,
  },
);

/** SIGKILL of the store, and its restart on the same data so long after. */
export async function takeAway(
  { restartAfterMs }: { readonly restartAfterMs: number },
  { begin, end, delay, store }: InjectTools,
): Promise<void> {
  await begin({ workers: [] });
  await store.kill();
  await delay(restartAfterMs);
  await store.restart();
  await end();
}
