import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Message, Request } from "@resonatehq/sdk";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquire, create, listen, settle } from "../../testing/embedded-requests-under-test.ts";
import { Dispatcher, unblockOwedForMs } from "./dispatcher.ts";
import { StoreEngine } from "./engine.ts";
import { recover } from "./recovery.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "killproof-recovery-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A store that was killed after `requests`, each made at its time, and started again at `restartAtMs`. */
function restarted(
  requests: readonly (readonly [nowMs: number, Request])[],
  restartAtMs: number,
): Dispatcher {
  let nowMs = 0;
  const clock = () => nowMs;
  const killed = new StoreEngine({ clock });
  const lines = requests.map(([atMs, request]) => {
    nowMs = atMs;
    return killed.apply(request).journalLine ?? "";
  });
  const path = join(folder, "journal.jsonl");
  writeFileSync(path, lines.join(""));
  nowMs = restartAtMs;
  const dispatcher = new Dispatcher({ redeliverAfterMs: 1_000, now: clock });
  recover(path, "process", { engine: new StoreEngine({ clock }), dispatcher }).close();
  return dispatcher;
}

/** The ids that a process gets when it connects. */
function welcomeOf(dispatcher: Dispatcher, group: string, pid: string): string[] {
  const got: Message[] = [];
  dispatcher.connect(group, pid, { write: (message) => got.push(message), close: () => {} });
  return got.map(({ kind, data }) => (kind === "execute" ? data.task.id : data.promise.id));
}

test("tasks that wait for a worker are offered again; those at work or held back are not", () => {
  const target = "poll://any@workers";
  const dispatcher = restarted(
    [
      [1, create("waiting", { target })],
      [2, create("at-work", { target })],
      [3, acquire("at-work", 0, "p")],
      [4, create("held-back", { target, tags: { "resonate:delay": "900" } })],
    ],
    100,
  );
  expect(welcomeOf(dispatcher, "workers", "q")).toEqual(["waiting"]);
});

test("the last unblock messages are sent again, since the state machine has forgotten who listened", () => {
  const oldMs = 10;
  const freshMs = oldMs + unblockOwedForMs;
  const tags = { "resonate:external": "true" };
  const dispatcher = restarted(
    [
      [1, create("old", { tags })],
      [2, create("fresh", { tags })],
      [3, listen("old", "poll://uni@clients/c")],
      [4, listen("fresh", "poll://uni@clients/c")],
      [oldMs, settle("old")],
      [freshMs, settle("fresh")],
    ],
    freshMs + 60_000,
  );
  expect(welcomeOf(dispatcher, "clients", "c")).toEqual(["fresh"]);
});
