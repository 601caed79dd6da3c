/**
 * Kills the store under load, again and again, and compares what it still knows with a twin that was never
 * interrupted: nothing that was acknowledged may be lost, nothing that was never sent may appear.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Request } from "@resonatehq/sdk";
import getPort from "get-port";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { expect, test } from "vitest";
import { post, StoreProcess, urlOf } from "../../../testing/embedded-process-under-test.ts";
import * as requests from "../../../testing/embedded-requests-under-test.ts";
import { durabilities } from "../../store.ts";
import type { EmbeddedStoreConfig } from "../config.ts";
import { StoreEngine } from "../engine.ts";
import { inspectEmbedded } from "../store.ts";
import { JournalFile } from "./journal-file.ts";

const clients = 8;
const rounds = 5;
const seed = 20_261_122;

/** All that a lifecycle sends, in order. Its versions are known, so a request can be repeated as it is. */
function lifecycle(id: string): Request[] {
  const [child, external] = [`${id}:0`, `${id}:1`];
  return [
    requests.create(id, { target: "poll://any@workers", tags: { "resonate:branch": id } }),
    requests.listen(id, "poll://uni@clients/c"),
    requests.acquire(id, 0, "p"),
    requests.fence(id, 1, requests.create(child, { tags: { "resonate:branch": id } })),
    requests.fence(id, 1, requests.settle(child)),
    requests.create(external),
    requests.suspend(id, 1, [external]),
    requests.settle(external),
    requests.acquire(id, 1, "q"),
    requests.fulfill(id, 2),
  ];
}

function probes(id: string): Request[] {
  return [requests.getTask(id), ...[id, `${id}:0`, `${id}:1`].map(requests.get)];
}

/** Times differ between the store and its twin, and so does the order of clients; nothing else may. */
function withoutTimes(value: unknown): unknown {
  const times = new Set(["createdAt", "settledAt", "timeout"]);
  return JSON.parse(JSON.stringify(value, (key, member) => (times.has(key) ? undefined : member)));
}

function sorted(values: readonly unknown[]): string[] {
  return values.map((value) => JSON.stringify(withoutTimes(value))).sort();
}

function twinOf(applied: readonly Request[]): StoreEngine {
  const twin = new StoreEngine({ clock: () => 1_000 });
  for (const request of applied) twin.apply(request);
  return twin;
}

function sortedSnapshot(engine: StoreEngine): Record<string, string[]> {
  return Object.fromEntries(Object.entries(engine.snapshot()).map(([part, rows]) => [part, sorted(rows)]));
}

/** Runs lifecycles one after the other, and keeps the requests that the store must have applied. */
class Client {
  readonly name: string;
  readonly applied: Request[] = [];
  readonly ids: string[] = [];
  acknowledged = 0;
  interrupted = 0;
  readonly #config: EmbeddedStoreConfig;
  #stopped = false;
  #abandoned = false;

  constructor(name: string, config: EmbeddedStoreConfig) {
    this.name = name;
    this.#config = config;
  }

  /** To end after the request under way, once it is known to be applied. */
  stop(): void {
    this.#stopped = true;
  }

  /** To end although the store may never answer again. */
  abandon(): void {
    this.#stopped = true;
    this.#abandoned = true;
  }

  async run(): Promise<void> {
    while (!this.#stopped) {
      const id = `${this.name}-${this.ids.length}`;
      this.ids.push(id);
      const twin = new StoreEngine({ clock: () => 1_000 });
      const applied: Request[] = [];
      for (const request of lifecycle(id)) {
        await this.#untilApplied(id, request, applied, twin);
        applied.push(request);
        this.applied.push(request);
        if (this.#stopped) return;
      }
    }
  }

  async #untilApplied(id: string, request: Request, applied: readonly Request[], twin: StoreEngine) {
    const expected = twin.apply(request).response;
    for (;;) {
      const reply = await post(this.#config, request).catch(() => null);
      if (reply !== null) {
        expect(withoutTimes(reply.data), JSON.stringify(request)).toEqual(withoutTimes(expected.data));
        this.acknowledged += 1;
        return;
      }
      this.interrupted += 1;
      const found = await this.#look(id);
      const without = answers(twinOf(applied), id);
      const with_ = answers(twinOf([...applied, request]), id);
      expect([without, with_], `after ${JSON.stringify(request)}`).toContainEqual(found);
      if (JSON.stringify(found) !== JSON.stringify(without)) return;
    }
  }

  /** What the store answers to all probes, as soon as it answers. */
  async #look(id: string): Promise<unknown[]> {
    for (;;) {
      try {
        const replies = await Promise.all(probes(id).map((probe) => post(this.#config, probe)));
        return replies.map(({ data }) => withoutTimes(data));
      } catch (error) {
        if (this.#abandoned) throw error;
        await delay(20);
      }
    }
  }
}

function answers(engine: StoreEngine, id: string): unknown[] {
  return probes(id).map((probe) => withoutTimes(engine.apply(probe).response.data));
}

function acknowledgedBy(clients: readonly Client[]): number {
  return clients.reduce((sum, { acknowledged }) => sum + acknowledged, 0);
}

test.each(durabilities)("nothing acknowledged is lost by kill -9 (%s)", async (durability) => {
  const folder = mkdtempSync(join(tmpdir(), "killproof-e2e-"));
  const journalPath = join(folder, "journal.jsonl");
  const config = { port: await getPort({ host: "127.0.0.1" }), secret: "s", journalPath, durability };
  const random = xoroshiro128plus(seed);
  const all = Array.from({ length: clients }, (_, index) => new Client(`c${index}`, config));
  let store = await StoreProcess.start(config);
  try {
    const running = Promise.all(all.map((client) => client.run()));
    for (let round = 0; round < rounds; round++) {
      const before = acknowledgedBy(all);
      while (acknowledgedBy(all) === before) await Promise.race([delay(5), running]);
      await Promise.race([delay(uniformInt(random, 0, 200)), running]);
      await store.end("SIGKILL");
      store = await StoreProcess.start(config);
    }
    for (const client of all) client.stop();
    await running;
    expect(all.reduce((sum, { interrupted }) => sum + interrupted, 0)).toBeGreaterThanOrEqual(rounds);
    await store.end("SIGKILL");
    store = await StoreProcess.start(config);

    const twin = twinOf(all.flatMap(({ applied }) => applied));
    const { pendingPromises, openTasks, promises } = await inspectEmbedded({
      url: urlOf(config),
      secret: "s",
    });
    const inventory = twin.inventory();
    expect(promises).toBe(inventory.promises);
    expect(sorted(pendingPromises)).toEqual(sorted(inventory.pendingPromises));
    expect(sorted(openTasks)).toEqual(sorted(inventory.openTasks));
    for (const id of all.flatMap(({ ids }) => ids)) {
      const replies = await Promise.all(probes(id).map((probe) => post(config, probe)));
      expect(replies.map(({ data }) => withoutTimes(data))).toEqual(answers(twin, id));
    }

    expect(await store.end("SIGTERM")).toMatchObject({ code: 0 });
    const reread = new StoreEngine();
    new JournalFile(journalPath, durability, (entry) => reread.replay(entry)).close();
    expect(sortedSnapshot(reread)).toEqual(sortedSnapshot(twin));
  } finally {
    for (const client of all) client.abandon();
    await store.end("SIGKILL");
    rmSync(folder, { recursive: true });
  }
});
