/**
 * Redis as the baseline's store, and as the world's. It listens on loopback, asks for a password, evicts
 * nothing, and keeps an append-only file whose fsync policy is the durability that was asked for.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { HarnessError } from "../errors.ts";
import { redisAlone } from "./alone/redis.ts";
import { bytesOf } from "./bytes-of.ts";
import { type RedisServer, ReplicatedRedis, refuseBehind, refuseFixedPort } from "./redis-replication.ts";
import { residueIn } from "./redis-residue.ts";
import { RedisVisits } from "./redis-visits.ts";
import type { Durability, StartStore, Store, StoreSettings } from "./store.ts";
import { startStoreProcess } from "./store-process.ts";

type Persistence = Durability | "snapshots" | "none";

const persistence: Record<Persistence, readonly string[]> = {
  process: ["appendonly yes", "appendfsync no"],
  everysec: ["appendonly yes", "appendfsync everysec"],
  fsync: ["appendonly yes", "appendfsync always"],
  snapshots: ["appendonly no", "save 3600 1 300 100 60 10000"],
  none: ["appendonly no"],
};

/** The baseline's store. @throws HarnessError when `redis-server` is missing or does not start. */
export const startRedisStore: StartStore = (settings) => startInspected(settings, settings.durability);

/** Redis as it comes, which keeps snapshots only; for the selftest. @throws as {@link startRedisStore} does. */
export const startRedisStoreWithSnapshots: StartStore = (settings) => startInspected(settings, "snapshots");

async function startInspected(settings: StoreSettings, kept: Persistence): Promise<Store> {
  const start = { ...settings, name: "redis-store", persistence: kept };
  const first = await startRedisServer(start);
  const { address, version } = first;
  const server = new ReplicatedRedis(first, async (port, nth) =>
    startRedisServer({
      ...start,
      name: `redis-replica-${nth}`,
      folder: `${settings.folder}-replica-${nth}`,
      port: await settings.nextPort(),
      primary: { port, secret: address.secret },
    }),
  );
  return {
    address,
    version,
    kill: () => server.kill(),
    restart: () => server.restart(),
    stop: () => server.stop(),
    replication: server.replication,
    inspect: (sessions) => server.primary.visits.visit((redis) => residueIn(redis, sessions, "")),
    // As one that is full: with `noeviction` it answers whatever may take memory with an error.
    refuseWrites: async (refuses) => {
      await server.primary.visits.visit((redis) => redis.config("SET", "maxmemory", refuses ? "1" : "0"));
    },
    isOneThread: true,
    rateAlone: async () => redisAlone((await redisProgram()).file, address, server.primary.visits),
    appendOnlyFiles: () => appendOnlyFilesIn(server.primary.folder),
    async traffic() {
      // Redis has no counter for its syncs: `aof_delayed_fsync` counts those that it put off.
      const { visits, folder } = server.primary;
      return {
        ...(await visits.traffic()),
        syncs: null,
        diskBytes: await bytesOf(appendOnlyFilesIn(folder)),
      };
    },
  };
}

/** Starts a `redis-server`; persistence `none` is for the world, which nothing ever kills. */
export async function startRedisServer(
  settings: Pick<StoreSettings, "folder" | "port" | "spawn"> & {
    name: string;
    persistence: Persistence;
    /** Whose replica it is; resolves once it has all of it. */
    primary?: { readonly port: number; readonly secret: string };
  },
): Promise<RedisServer> {
  const { file, version } = await redisProgram();
  const { port, primary } = settings;
  const secret = primary?.secret ?? randomBytes(24).toString("hex");
  mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
  const configuration = join(settings.folder, "redis.conf");
  const lines = [
    "bind 127.0.0.1",
    `port ${port}`,
    `requirepass ${secret}`,
    `dir ${JSON.stringify(settings.folder)}`, // quoted as Redis reads it: a folder's name may hold a space
    "hz 100", // how precisely a blocked pop times out, and a worker wakes for a delayed job: at the default 10, 50 to 100 ms late
    "maxmemory-policy noeviction",
    'save ""',
    "repl-diskless-sync-delay 0", // a primary would wait 5 s for more replicas
    "no-appendfsync-on-rewrite no",
    ...persistence[settings.persistence],
    ...(primary === undefined ? [] : [`replicaof 127.0.0.1 ${primary.port}`, `masterauth ${secret}`]),
  ];
  writeFileSync(configuration, `${lines.join("\n")}\n`, { mode: 0o600 });
  const addressAt = (ownPort: number) => ({ url: `redis://127.0.0.1:${ownPort}`, secret });
  let visits = new RedisVisits(addressAt(port));
  const begin = () => {
    visits.startOver();
    return settings.spawn({ name: settings.name, file, args: [configuration] });
  };
  const lives = await startStoreProcess({
    name: settings.name,
    begin,
    ask: () => visits.visit(refuseBehind),
  });
  return {
    address: addressAt(port),
    version,
    folder: settings.folder,
    get visits() {
      return visits;
    },
    async promote(ownPort) {
      refuseFixedPort(version);
      await visits.visit(async (redis) => {
        await redis.replicaof("NO", "ONE");
        await redis.config("SET", "port", String(ownPort));
        await redis.config("REWRITE"); // it is restarted by its file
      });
      visits = new RedisVisits(addressAt(ownPort));
    },
    ...lives,
  };
}

/** `redis-server`, or `valkey-server` where only that is there; `REDIS_BIN` names another. */
async function redisProgram(): Promise<{ file: string; version: string }> {
  const named = process.env.REDIS_BIN;
  for (const file of named === undefined ? ["redis-server", "valkey-server"] : [named]) {
    const probe = await execa(file, ["--version"], { reject: false });
    const [, engine, version] = /^(Redis|Valkey) server v=(\S+)/.exec(probe.stdout ?? "") ?? [];
    if (engine !== undefined) return { file, version: `${engine.toLowerCase()} ${version}` };
  }
  throw new HarnessError(
    `${named ?? "redis-server"} was not found.`,
    "Install it: `npm run setup`, `apt-get install redis-server` or `brew install redis`.",
  );
}

/** The log in its parts, and the list of those. */
function appendOnlyFilesIn(folder: string): readonly string[] {
  const appendOnly = join(folder, "appendonlydir");
  return readdirSync(appendOnly).map((file) => join(appendOnly, file));
}
