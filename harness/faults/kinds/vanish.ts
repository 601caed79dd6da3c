/**
 * The connections that a worker or client has open die without a word: none of them gets a byte or an end again, in either
 * direction, for good; new ones work. So it is behind a NAT that forgot them, or when the machine behind an address was
 * replaced. Where TCP itself would give up after minutes, nothing happens here: the kernel of the proxy acknowledges all.
 */
import { z } from "zod";
import { durationMs, timed, timedKind } from "./kind.ts";
import { drawEnd, endSchema } from "./partition.ts";

/** How long a process may take to notice, in leases; after that nothing that it still does not hear is excused. */
const noticedWithinLeases = 15;

export const vanish = timedKind(
  z.strictObject({ kind: z.literal("vanish"), ...timed, between: endSchema, forMs: durationMs }),
  {
    harm: "zombie",
    weight: 1, // it takes its victim away for long
    places: 3,
    needs: "own", // the harness's place between it and a process
    draw: (draw, { slots, clients, leaseMs }) => ({
      between: drawEnd(draw, { slots, clients }),
      forMs: noticedWithinLeases * leaseMs,
    }),
    victimsOf: ({ between }) => [between],
    endOf: ({ atMs, forMs }) => atMs + forMs,
    whatItStops: () => ({ whom: "victims", isTotal: false }),
    /** It is over as soon as the process has given up every one of them. */
    async inject({ between, forMs }, { begin, end, delay, workers, connectionOf }) {
      const worker = between.kind === "worker" ? workers.occupant(between.slot) : null;
      const client = between.kind === "client" ? { client: between.client } : {};
      await begin({ workers: worker === null ? [] : [worker], ...client });
      if (between.kind === "client" || worker !== null)
        await Promise.race([connectionOf(between).vanish(), delay(forMs)]);
      await end();
    },
  },
);
