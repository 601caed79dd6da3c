import { expect, test } from "vitest";
import type { Entry, EntryBody } from "../world/entry.ts";
import { type SilenceChange, Silences } from "./silences.ts";

const leaseMs = 1_000;

/** What is said when these are read, each at its time, ms. */
function changesIn(
  ...entries: readonly (readonly [at: number, body: EntryBody])[]
): readonly SilenceChange[] {
  const silences = new Silences((worker) => worker.startsWith("remote-"), leaseMs);
  return entries.flatMap(([at, body], index) => silences.read({ ...body, at, seq: `${index}-0` } as Entry));
}

const beat = (worker: string) => ({ kind: "alive", worker }) as const;
const [own, remote] = ["w0#1", "remote-a-1#1"] as const;

test("a worker that misses half a lease of beats is silent once, and heard again with its next entry", () => {
  expect(
    changesIn(
      [0, { kind: "ready", worker: remote }],
      [100, beat(remote)],
      [500, beat(own)],
      [601, beat(own)],
      [900, beat(own)],
      [2_300, beat(remote)],
      [2_400, beat(remote)],
    ),
  ).toEqual([
    { worker: remote, isSilent: true, silentMs: 501 },
    { worker: remote, isSilent: false, silentMs: 2_200 },
  ]);
});

test("a worker is not missed before it is ready, nor after it has left, nor where the run supervises it", () => {
  expect(
    changesIn(
      [0, { kind: "spawned", worker: remote }],
      [0, beat(own)],
      [2_000, { kind: "ready", worker: remote }],
      [2_100, { kind: "exited", worker: remote, signal: null, code: 0 }],
      [9_000, { kind: "healed" }],
    ),
  ).toEqual([]);
});

test("one that never comes back stays silent", () => {
  const said = changesIn([0, { kind: "ready", worker: remote }], [700, beat(own)], [9_000, beat(own)]);
  expect(said).toEqual([{ worker: remote, isSilent: true, silentMs: 700 }]);
});
