import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { NeverReadyError, Reaper } from "../processes/reaper.ts";
import { anyFreePorts } from "../stores/ports.ts";
import { startRedisServer } from "../stores/redis.ts";
import { Witness } from "../world/witness.ts";
import { Supervisor } from "./supervisor.ts";

let reaper: Reaper;
let witness: Witness;

beforeAll(async () => {
  reaper = await Reaper.start();
  const { address } = await startRedisServer({
    name: "world",
    folder: join(reaper.folder, "w"),
    port: await anyFreePorts.next(),
    spawn: (command) => reaper.spawn(command),
    persistence: "none",
  });
  witness = await Witness.connect(address, "test");
});
afterAll(async () => {
  await witness.close();
  await reaper.stop();
});

/** A process that lives until it is killed, and says once that it is ready, or never does. */
const program = (isReady: boolean) =>
  `setInterval(() => {}, 1_000); console.log("still waiting"); ${isReady ? "process.send({})" : ""}`;

test("a worker that never gets ready after a restart ends the run, with its name and what it said last", async () => {
  const slots = { slotCount: 1, readyWithinMs: 5_000 };
  const supervisor = new Supervisor(witness, slots, (name) =>
    reaper.spawn({
      name,
      file: process.execPath,
      args: ["--eval", program(name === "w0#1")],
      ipc: true,
    }),
  );
  await supervisor.start();
  void supervisor.kill("f", "kill", [{ slot: 0, restartAfterMs: 0 }]);
  const error = await supervisor.failed.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(NeverReadyError);
  expect(error).toMatchObject({
    causeLine: "w0#2 was not ready within 5 s.",
    fixLine: "See what it waits for. Last log line: still waiting",
  });
  await supervisor.stop(0);
});
