/** SIGKILL of every worker at once; they come back one after another, each slot after its own delay. */
import { z } from "zod";
import type { Draw } from "../../draw.ts";
import { durationMs, timed, timedKind } from "./kind.ts";

export const killAll = timedKind(
  z.strictObject({ kind: z.literal("kill-all"), ...timed, restartsAfterMs: z.array(durationMs).min(1) }),
  {
    harm: "death",
    weight: 1,
    places: 3, // so that the next fault finds somebody
    draw: (draw, { workers }) => ({ restartsAfterMs: drawRestarts(draw, workers) }),
    victimsOf: (_, workers) => Array.from({ length: workers }, (_, slot) => ({ kind: "worker", slot })),
    endOf: ({ atMs }) => atMs,
    contradictionIn: ({ id, restartsAfterMs }, { workers }) =>
      restartsAfterMs.length === workers ? null : `${id} restarts another number of workers than ${workers}`,
    inject: ({ restartsAfterMs }, { workers }) =>
      workers.kill(restartsAfterMs.map((restartAfterMs, slot) => ({ slot, restartAfterMs }))),
  },
);

/** Nobody for a while, then one after another: a herd that starts at once would measure the machine's cores. */
function drawRestarts(draw: Draw, workers: number): number[] {
  let afterMs = draw(300, 700);
  return Array.from({ length: workers }, () => {
    const mine = afterMs;
    afterMs += draw(500, 700);
    return mine;
  });
}
