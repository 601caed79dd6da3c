/**
 * SIGKILL of the store, which is away for longer than clients are used to: most wait longer between two tries the longer it
 * lasts. It starts again on the same data.
 */
import { z } from "zod";
import { takeAway } from "./kill-store.ts";
import { durationMs, timed, timedKind } from "./kind.ts";

const awayMs = 65_000;

export const longOutage = timedKind(
  z.strictObject({ kind: z.literal("long-outage"), ...timed, restartAfterMs: durationMs }),
  {
    harm: "outage",
    weight: 0.3,
    places: 9, // so that one falls to 24 s and finds sessions there; what else is drawn may fall into it
    needs: "own",
    draw: () => ({ restartAfterMs: awayMs }),
    victimsOf: () => [{ kind: "store" }],
    endOf: ({ atMs, restartAfterMs }) => atMs + restartAfterMs,
    whatItStops: () => ({ whom: "everybody", isTotal: true }),
    delaysByMs: ({ restartAfterMs }) => restartAfterMs,
    inject: takeAway,
  },
);
