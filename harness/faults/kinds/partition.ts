/** The connections between a worker or client and the store are stopped, delayed or cut, or lose an answer. */
import { z } from "zod";
import { type Draw, pick } from "../../draw.ts";
import {
  type Connection,
  drawLeases,
  durationMs,
  type InjectTools,
  type Setting,
  slot,
  timed,
  timedKind,
} from "./kind.ts";

/** What becomes of the bytes. */
const howSchema = z.discriminatedUnion("kind", [
  /** Nothing goes on in this direction; what was sent meanwhile arrives when it is over. */
  z.strictObject({
    kind: z.literal("stop"),
    direction: z.enum(["to-store", "from-store", "both"]),
    forMs: durationMs,
  }),
  /** Everything arrives so much later, in both directions. */
  z.strictObject({ kind: z.literal("delay"), latencyMs: durationMs, forMs: durationMs }),
  /** All connections break, at once; new ones can be made. */
  z.strictObject({ kind: z.literal("cut") }),
  /** The next request is applied, and its answer never comes; where there is none within `forMs`, nothing happens. */
  z.strictObject({ kind: z.literal("swallow-reply"), forMs: durationMs }),
]);
type How = z.infer<typeof howSchema>;

/** The process at one end; the other is the store. */
export const endSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("worker"), slot }),
  z.strictObject({ kind: z.literal("client"), client: z.int().nonnegative() }),
]);
export type ProxyEnd = z.infer<typeof endSchema>;

export const partition = timedKind(
  z.strictObject({ kind: z.literal("partition"), ...timed, between: endSchema, how: howSchema }),
  {
    harm: "zombie",
    weight: 4,
    places: 2,
    needs: "own", // the harness's place between it and a process
    draw(draw, { slots, clients, leaseMs }) {
      const between = drawEnd(draw, { slots, clients });
      return { between, how: drawHow(draw, drawLeases(draw, leaseMs, 1.3, 2.2)) };
    },
    victimsOf: ({ between }) => [between],
    endOf: ({ atMs, how }) => atMs + (how.kind === "cut" ? 0 : how.forMs),
    whatItStops: (how) => ({ whom: "victims", isTotal: how === "stop" }),
    simplerForms: ({ how, ...fault }) =>
      how.kind === "stop" && how.direction === "both"
        ? (["to-store", "from-store"] as const).map((direction) => ({ ...fault, how: { ...how, direction } }))
        : [],
    /** Where nobody is in the slot, the fault hits nobody and is over at once: whoever comes next is not said to be under it. */
    async inject({ between, how }, { begin, end, delay, workers, connectionOf }) {
      const worker = between.kind === "worker" ? workers.occupant(between.slot) : null;
      const client = between.kind === "client" ? { client: between.client } : {};
      await begin({ workers: worker === null ? [] : [worker], how: how.kind, ...client });
      if (between.kind === "client" || worker !== null) await disturb(connectionOf(between), how, delay);
      await end();
    },
  },
);

/** One in four is a client. */
export function drawEnd(draw: Draw, { slots, clients }: Pick<Setting, "slots" | "clients">): ProxyEnd {
  return draw(1, 4) === 1
    ? { kind: "client", client: draw(0, clients - 1) }
    : { kind: "worker", slot: pick(draw, slots) };
}

function drawHow(draw: Draw, forMs: number): How {
  const kind = pick(draw, ["stop", "stop", "cut", "delay", "swallow-reply"] as const);
  switch (kind) {
    case "stop":
      return { kind, direction: pick(draw, ["to-store", "from-store", "both"]), forMs };
    case "cut":
      return { kind };
    case "delay":
      return { kind, latencyMs: draw(20, 200), forMs };
    case "swallow-reply":
      return { kind, forMs };
  }
}

/** Resolves when it is over, and the connection carries everything again. */
async function disturb(connection: Connection, how: How, delay: InjectTools["delay"]): Promise<void> {
  switch (how.kind) {
    case "stop":
      connection.stop(how.direction);
      await delay(how.forMs);
      break;
    case "delay":
      connection.delay(how.latencyMs);
      await delay(how.forMs);
      break;
    case "cut":
      connection.cut();
      break;
    case "swallow-reply":
      await Promise.race([connection.swallowReply(), delay(how.forMs)]);
      break;
  }
  connection.heal();
}
