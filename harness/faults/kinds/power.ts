/**
 * The store's machine loses power: SIGKILL of the store, and what it had written and not synced is gone. It starts again on
 * what is left. What that leaves of what was acknowledged is a matter of the run's durability.
 */
import { z } from "zod";
import { durationMs, timed, timedKind } from "./kind.ts";

export const power = timedKind(
  z.strictObject({ kind: z.literal("power"), ...timed, restartAfterMs: durationMs }),
  {
    harm: "loss",
    weight: 1,
    places: 3,
    needs: "power",
    draw: (draw, { leaseMs }) => ({ restartAfterMs: draw(Math.round(leaseMs / 10), leaseMs) }),
    victimsOf: () => [{ kind: "store" }],
    endOf: ({ atMs, restartAfterMs }) => atMs + restartAfterMs,
    whatItStops: () => ({ whom: "everybody", isTotal: true }),
    async inject({ restartAfterMs }, { begin, end, delay, store }) {
      const { how, forgetsForMs } = store.disk.looks();
      await begin({
        workers: [],
        how,
        ...(forgetsForMs === null ? {} : { forgets: { sinceMs: forgetsForMs } }),
      });
      const begunAt = performance.now();
      await store.kill();
      const deadAfterMs = Math.ceil(performance.now() - begunAt);
      store.disk.losePower();
      await delay(restartAfterMs);
      await store.restart();
      await end({ deadAfterMs });
    },
  },
);
