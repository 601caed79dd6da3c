/**
 * The store's primary dies while its replica is behind, and the replica takes its place: what the primary acknowledged since
 * the replica heard from it last is gone. There is a replica before anybody works, and a new one after each failover.
 */
import { z } from "zod";
import { pick } from "../../draw.ts";
import { durationMs, timed, timedKind } from "./kind.ts";

/** What a user of the store can do against losing what the replica does not have yet. */
const defenceSchema = z.enum([
  /** Nothing: what is acknowledged goes to the replica when it can. */
  "none",
  /** A start is acknowledged once the replica has it, by `WAIT` on Redis; each commit is, by a synchronous standby, on PostgreSQL. */
  "wait-for-replica",
  /** Redis refuses writes once it has not heard of its replica for a second (`min-replicas-to-write`). */
  "min-replicas",
]);
export type Defence = z.infer<typeof defenceSchema>;

/** For how long the replica may have heard nothing, ms. */
const slightLagsMs = [0, 100] as const;
const longLagsMs = [300, 1000, 2000] as const;
/** About as long as a replica needs to take the primary's place, ms. */
const takeoverMs = 1500;

export const failover = timedKind(
  z.strictObject({
    kind: z.literal("failover"),
    ...timed,
    lagMs: durationMs,
    /** None, where it is left out. */
    defence: defenceSchema.optional(),
  }),
  {
    harm: "loss",
    weight: 1, // it stops everybody
    places: 4,
    needs: "replica",
    // In turn hardly behind, so that something is left to go on with, and far.
    draw: (draw, { nth }) => ({ lagMs: pick(draw, nth % 2 === 0 ? slightLagsMs : longLagsMs) }),
    victimsOf: () => [{ kind: "store" }],
    endOf: ({ atMs, lagMs }) => atMs + lagMs + takeoverMs,
    whatItStops: () => ({ whom: "everybody", isTotal: true }),
    simplerForms: ({ lagMs, ...fault }) =>
      [...slightLagsMs, ...longLagsMs]
        .filter((shorter) => shorter < lagMs)
        .map((shorter) => ({ ...fault, lagMs: shorter })),
    async inject({ lagMs, defence = "none" }, { begin, end, delay, store }) {
      await store.replica.lag();
      const since = performance.now();
      await delay(lagMs);
      const kept = store.replica.keeps(defence);
      const how = `${lagMs} ms behind${defence === "none" ? "" : `, ${defence}`}`;
      const sinceMs = Math.ceil(performance.now() - since) + onItsWayMs;
      const forgets = { sinceMs, ...(kept === "starts" ? { keepsStarts: true as const } : {}) };
      await begin({ workers: [], how, ...(kept === "everything" ? {} : { forgets }) });
      const begunAt = performance.now();
      let deadAfterMs = 0;
      await store.replica.takeOver(() => {
        deadAfterMs = Math.ceil(performance.now() - begunAt);
      });
      await end({ deadAfterMs });
    },
  },
);

/** What was acknowledged so shortly before the replica was cut off may not have reached it, ms. */
const onItsWayMs = 100;
