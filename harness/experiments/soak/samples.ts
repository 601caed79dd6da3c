/** What is seen of a target's processes while a soak goes on, and how it grew. */
import { connectionsOf } from "../../processes/connections.ts";
import { residentBytesOf, usageOf } from "../../processes/usage.ts";
import type { SteadyTally } from "../../workers/steady-load.ts";
import type { Incarnation } from "../../world/entry.ts";
import type { GrowthRow } from "./rows.ts";
import { type Point, slopeOf } from "./slope.ts";
import type { WorkersAndClient } from "./workers-and-client.ts";

/** The slot whose worker is killed again and again; that of the next one lives through all of it. */
export const killedSlot = 0;
const livingSlot = 1;

interface WorkerSample {
  readonly life: Incarnation;
  readonly bytes: number | null;
  readonly connections: number | null;
}

/** Null is what the system, or the store, does not say. */
export interface Sample {
  /** Since the soak began. */
  readonly atMs: number;
  /** Sessions until then. */
  readonly finished: number;
  readonly storeBytes: number | null;
  readonly diskBytes: number | null;
  readonly clientConnections: number | null;
  /** Null while the slot is empty. */
  readonly killed: WorkerSample | null;
  readonly living: WorkerSample | null;
}

export async function sampleOf(
  processes: WorkersAndClient,
  { finished }: Pick<SteadyTally, "finished">,
  atMs: number,
): Promise<Sample> {
  const [killed, living, storeBytes, diskBytes, clientConnections] = await Promise.all([
    workerSample(processes, killedSlot),
    workerSample(processes, livingSlot),
    residentBytesOf(processes.environment.storeProcesses),
    processes.environment.store.traffic().then(
      (traffic) => traffic.diskBytes,
      () => null, // it has just ended
    ),
    connectionsOf(processes.client),
  ]);
  return { atMs, finished, storeBytes, diskBytes, clientConnections, killed, living };
}

async function workerSample(processes: WorkersAndClient, slot: number): Promise<WorkerSample | null> {
  const worker = processes.worker(slot);
  if (worker === null) return null;
  const [usage, connections] = await Promise.all([usageOf(worker.child), connectionsOf(worker.child)]);
  return { life: worker.life, bytes: usage?.residentBytes ?? null, connections };
}

/** One life of a process after another. */
type Lives = readonly (readonly Point[])[];

const minuteMs = 60_000;
const hoursPerMinute = 1 / 60;

/** How each of them grew. Pure. */
export function growthOf(target: string, samples: readonly Sample[]): readonly GrowthRow[] {
  const figures: Readonly<Record<GrowthRow["what"], Lives>> = {
    "store memory": [pointsOf(samples, ({ storeBytes }) => storeBytes)],
    "store disk": [pointsOf(samples, ({ diskBytes }) => diskBytes)],
    "memory of the worker that lives": livesOf(samples, "living", ({ bytes }) => bytes),
    "memory of the worker that is killed": livesOf(samples, "killed", ({ bytes }) => bytes),
    "connections of the worker that lives": livesOf(samples, "living", ({ connections }) => connections),
    "connections of the worker that is killed": livesOf(samples, "killed", ({ connections }) => connections),
    "connections of the client": [pointsOf(samples, ({ clientConnections }) => clientConnections)],
  };
  return Object.entries(figures).map(([what, lives]) => {
    const inHours = lives.map((life) =>
      life.map(([minute, value]): Point => [minute * hoursPerMinute, value]),
    );
    return {
      target,
      what: what as GrowthRow["what"], // a key of the record above
      lives: lives.filter((life) => life.length > 0).length,
      samples: lives.flat(),
      perHour: slopeOf(inHours),
    };
  });
}

function livesOf(
  samples: readonly Sample[],
  who: "killed" | "living",
  of: (worker: WorkerSample) => number | null,
): Lives {
  const lives = Map.groupBy(samples, (sample) => sample[who]?.life ?? null);
  return [...lives]
    .filter(([life]) => life !== null)
    .map(([, own]) => pointsOf(own, ({ [who]: worker }) => (worker === null ? null : of(worker))));
}

function pointsOf(samples: readonly Sample[], of: (sample: Sample) => number | null): readonly Point[] {
  return samples.flatMap((sample): readonly Point[] => {
    const value = of(sample);
    return value === null ? [] : [[sample.atMs / minuteMs, value]];
  });
}

/** Sessions that finished in each whole minute. Pure. */
export function finishedPerMinute(samples: readonly Pick<Sample, "atMs" | "finished">[]): readonly number[] {
  const minutes = Math.floor((samples.at(-1)?.atMs ?? 0) / minuteMs);
  const finishedAt = (atMs: number) => samples.find((sample) => sample.atMs >= atMs)?.finished ?? 0;
  return Array.from(
    { length: minutes },
    (_, minute) => finishedAt((minute + 1) * minuteMs) - finishedAt(minute * minuteMs),
  );
}
