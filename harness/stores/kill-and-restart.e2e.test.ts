/** Kills each store mid-stream through the interface that experiments use, and looks for what it had acknowledged. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { HarnessError } from "../errors.ts";
import { Reaper } from "../processes/reaper.ts";
import { create, get } from "../testing/embedded-requests-under-test.ts";
import { embedded, official, openLine } from "../testing/resonate-stores-under-test.ts";
import { startUnderTest } from "../testing/store-under-test.ts";
import { startRedisStore } from "./redis.ts";
import type { Durability, StartStore } from "./store.ts";

const rounds = 3;
const writers = 4;
/** The kill comes at this one: the other writers have entries on their way. */
const writesPerRound = 200;

/** Somebody who writes numbered entries, one after the other. */
interface Writer {
  /** Resolves when the store acknowledged the entry; rejects when the connection broke before. */
  write(id: number): Promise<void>;
  /** Which of the entries the store has. */
  found(ids: readonly number[]): Promise<number[]>;
  close(): void;
}

function redisWriter(name: string, { url, secret }: StoreAddress): Writer {
  const redis = new Redis(url, { password: secret, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  redis.on("error", () => {});
  return {
    async write(id) {
      await Promise.all([redis.incr(`count:${name}`), redis.xadd(`entries:${name}`, `1-${id}`, "id", id)]);
    },
    async found(ids) {
      const [count, entries] = await Promise.all([
        redis.get(`count:${name}`),
        redis.xrange(`entries:${name}`, "-", "+"),
      ]);
      const inStream = new Set(entries.map(([, fields]) => Number(fields[1])));
      return ids.filter((id) => id <= Number(count) && inStream.has(id));
    },
    close: () => redis.disconnect(),
  };
}

function resonateWriter(name: string, address: StoreAddress): Writer {
  const line = openLine(address);
  return {
    async write(id) {
      expect((await line.ask(create(`${name}-${id}`))).head.status).toBe(200);
    },
    async found(ids) {
      const replies = await Promise.all(ids.map((id) => line.ask(get(`${name}-${id}`))));
      return ids.filter((_, index) => replies[index]?.head.status === 200);
    },
    close: line.close,
  };
}

interface Kind {
  readonly name: string;
  /** Those under which it promises to keep what it acknowledged when it is killed. */
  readonly durabilities: readonly Durability[];
  readonly startStore: StartStore;
  /** Why its tests are skipped on this machine; null where they are not. */
  readonly unavailable: string | null;
  readonly connect: (name: string, address: StoreAddress) => Writer;
}

const kinds: readonly Kind[] = [
  // Not `everysec`: while a sync is slow, Redis acknowledges what it has not written.
  {
    name: "redis",
    durabilities: ["process", "fsync"],
    startStore: startRedisStore,
    unavailable: null,
    connect: redisWriter,
  },
  ...[embedded, ...official].map((store) => ({ ...store, connect: resonateWriter })),
];

let reaper: Reaper;
beforeEach(async () => {
  reaper = await Reaper.start();
});
afterEach(() => reaper.stop());

/** Writes 1, 2 … until the connection breaks, and returns the last number that was acknowledged. */
async function writeUntilCut(writer: Writer, onWritten: () => void): Promise<number> {
  for (let id = 1; ; id++) {
    try {
      await writer.write(id);
    } catch {
      return id - 1;
    }
    onWritten();
  }
}

describe.each(kinds)("$name", ({ durabilities, startStore, unavailable, connect }) => {
  beforeEach(({ skip }) => skip(unavailable !== null, unavailable ?? ""));

  test.each(durabilities)(
    "keeps what it acknowledged when it is killed mid-stream (%s)",
    async (durability) => {
      const { store, children } = await startUnderTest(reaper, startStore, durability);
      const processes = children.length; // of each life
      const acknowledged: { readonly name: string; readonly ids: number[] }[] = [];
      for (let round = 0; round < rounds; round++) {
        const names = Array.from({ length: writers }, (_, index) => `round${round}-writer${index}`);
        const killed = Promise.withResolvers<void>();
        let written = 0;
        await Promise.all(
          names.map(async (name) => {
            const writer = connect(name, store.address);
            const last = await writeUntilCut(writer, () => {
              if (++written === writesPerRound) void store.kill().then(killed.resolve, killed.reject);
            });
            writer.close();
            acknowledged.push({ name, ids: Array.from({ length: last }, (_, index) => index + 1) });
          }),
        );
        await killed.promise;
        await store.restart();
        for (const { name, ids } of acknowledged) {
          const reader = connect(name, store.address);
          expect(await reader.found(ids)).toEqual(ids);
          reader.close();
        }
      }
      expect(acknowledged.filter(({ ids }) => ids.length > 0).length).toBe(rounds * writers);
      expect(children.length).toBe((rounds + 1) * processes);
      await store.stop();
    },
  );

  test("a kill that was asked for does not end the run, a death by itself does, in every life", async () => {
    const { store, children } = await startUnderTest(reaper, startStore, "process");
    let failure: unknown = null;
    reaper.failed.catch((error: unknown) => {
      failure = error;
    });
    await store.kill();
    await store.restart();
    await store.kill();
    await store.restart();
    await nextTurn();
    expect(failure).toBeNull();
    process.kill(children.at(-1)?.pid ?? Number.NaN, "SIGKILL");
    await expect(reaper.failed).rejects.toThrow(HarnessError);
  });

  test("is not started twice on the same data", async () => {
    const { store, children } = await startUnderTest(reaper, startStore, "process");
    const processes = children.length;
    await expect(store.restart()).rejects.toThrow("nobody had killed");
    expect(children.length).toBe(processes);
    await store.stop();
  });
});
