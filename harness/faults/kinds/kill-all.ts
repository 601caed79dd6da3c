/**
 * SIGKILL of every worker at once; they come back one after another, each slot after its own delay. One in three keeps
 * everybody away for five leases, from the moment at which a session begins a long wait: a deadline that is counted from the
 * takeover is then late for all to see.
 */
import { z } from "zod";
import type { Draw } from "../../draw.ts";
import { drawLeases, durationMs, leasesPerPlace, timed, timedKind } from "./kind.ts";

const usualPlaces = 3; // so that the next fault finds somebody

const schema = z.strictObject({
  kind: z.literal("kill-all"),
  ...timed,
  restartsAfterMs: z.array(durationMs).min(1),
  /** Whether it waits, once its time has come, until a session begins a long wait. */
  atLongWait: z.literal(true).optional(),
});
type KillAll = z.infer<typeof schema>;

export const killAll = timedKind(schema, {
  harm: "death",
  weight: 1,
  places: 4,
  placesOf: ({ restartsAfterMs }, leaseMs) =>
    Math.max(usualPlaces, 1 + Math.ceil(Math.max(...restartsAfterMs) / (leasesPerPlace * leaseMs))),
  draw: (draw, { workers, leaseMs, nth }): Pick<KillAll, "restartsAfterMs" | "atLongWait"> =>
    nth % 3 === 1
      ? {
          restartsAfterMs: drawRestarts(draw, workers, drawLeases(draw, leaseMs, 5, 5.3)),
          atLongWait: true,
        }
      : { restartsAfterMs: drawRestarts(draw, workers, draw(300, 700)) },
  victimsOf: (_, workers) => Array.from({ length: workers }, (_, slot) => ({ kind: "worker", slot })),
  endOf: ({ atMs }) => atMs,
  contradictionIn: ({ id, restartsAfterMs }, { workers }) =>
    restartsAfterMs.length === workers ? null : `${id} restarts another number of workers than ${workers}`,
  simplerForms: ({ atLongWait, ...fault }) => (atLongWait === undefined ? [] : [fault]),
  async inject({ restartsAfterMs, atLongWait = false }, { workers, untilLongWait }) {
    const how = !atLongWait
      ? undefined
      : (await untilLongWait())
        ? "as a long wait began"
        : "no long wait began";
    const restarts = restartsAfterMs.map((restartAfterMs, slot) => ({ slot, restartAfterMs }));
    await workers.kill(restarts, how);
  },
});

/** Nobody for a while, then one after another: a herd that starts at once would measure the machine's cores. */
function drawRestarts(draw: Draw, workers: number, absentMs: number): number[] {
  let afterMs = absentMs;
  return Array.from({ length: workers }, () => {
    const mine = afterMs;
    afterMs += draw(500, 700);
    return mine;
  });
}
