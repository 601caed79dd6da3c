/** The official Resonate server: one of the run's own, on PostgreSQL or on SQLite in the run's folder, or one that is running already. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { execa } from "execa";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { messageOf } from "../../errors.ts";
import type { Residue } from "../../world/entry.ts";
import { resonateAlone } from "../alone/resonate.ts";
import { bytesOf } from "../bytes-of.ts";
import { drawPrefix, notOurs } from "../external.ts";
import { startCluster } from "../postgres/cluster.ts";
import { versionOf, withPostgres } from "../postgres/connection.ts";
import { makeReadOnly } from "../postgres/read-only.ts";
import { trafficOf } from "../postgres/traffic.ts";
import { sessionOf } from "../promise-ids.ts";
import { type Durability, type StartStore, type StoreSettings, unknownTraffic } from "../store.ts";
import { startStoreProcess } from "../store-process.ts";
import { drawAccess } from "./access.ts";
import { searchAll } from "./requests.ts";

/** SQLite's log is written at each commit and synced only now and then (`synchronous = NORMAL`, which v0.9.8 has no flag for). */
export const sqliteDurabilities: readonly Durability[] = ["process"];

/** How often it looks for due timers and for messages to send, ms. Its own 1000 and 100 would be what sessions are late by. */
const pollMs = 20;

/**
 * How soon a message is sent again that nobody acted upon, ms: one that a dying worker swallowed, and one that found nobody of
 * its group connected, which v0.9.8 drops. By the latter a timer is late that fires before the first worker is back: by its
 * default, 30 s. The guide to production asks for this (`RESONATE_TASKS__RETRY_TIMEOUT`); sooner, a server that is behind would be
 * asked for the same again and again.
 */
const sendAgainMs = 500;

/** The program: what `RESONATE_BIN` names, or `resonate` on the path. */
function program(): string {
  const named = process.env.RESONATE_BIN;
  return named === undefined ? "resonate" : resolve(named); // it runs in a folder of its own
}

/** What the program says of its version, such as `resonate 0.9.8`; null where it is not there. */
export async function serverVersion(): Promise<string | null> {
  const probe = await execa(program(), ["--version"], { reject: false });
  return /^resonate \S+/.exec(probe.stdout ?? "")?.[0] ?? null;
}

/** Starts a server on its SQLite. @throws HarnessError when it does not start. */
export const startServerOnSqlite: StartStore = async (settings) => {
  const { folder } = settings;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { address, ...lives } = await startServer(settings, {
    "storage-type": "sqlite",
    "storage-sqlite-path": join(folder, "resonate.db"),
  });
  return {
    address,
    version: `${(await serverVersion()) ?? "resonate"} on SQLite`,
    inspect: (sessions) => residueIn(address, sessions),
    traffic: async () => {
      await untilAnswered(address);
      const files = readdirSync(folder).filter((file) => file.startsWith("resonate.db"));
      return { ...unknownTraffic, diskBytes: await bytesOf(files.map((file) => join(folder, file))) };
    },
    rateAlone: () => resonateAlone(address),
    ...lives,
  };
};

/** Starts a PostgreSQL and a server on it, which live and die together. @throws HarnessError when one of them does not start. */
export const startServerOnPostgres: StartStore = async (settings) => {
  const { folder, nextPort } = settings;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const within = { ...settings, folder: `${folder}-postgres`, port: await nextPort() };
  const database = await startCluster(within, randomBytes(24).toString("hex"));
  const url = new URL(database.address.url);
  url.password = database.address.secret;
  const { address, ...server } = await startServer(settings, {
    "storage-type": "postgres",
    "storage-postgres-url": url.href,
  });
  const databaseVersion = await withPostgres(database.address, versionOf);
  return {
    address,
    version: `${(await serverVersion()) ?? "resonate"} on ${databaseVersion}`,
    inspect: (sessions) => residueIn(address, sessions),
    traffic: () => withPostgres(database.address, trafficOf),
    refuseWrites: (refuses) => makeReadOnly(database.address, refuses),
    rateAlone: () => resonateAlone(address),
    replication: database.replication,
    async kill() {
      await server.kill();
      await database.kill();
    },
    async restart() {
      await database.restart();
      await server.restart();
    },
    async stop() {
      await server.stop();
      await database.stop();
    },
  };
};

/** Starts the server's own process, with what these flags say of its storage. */
async function startServer(
  { folder, port, leaseMs, spawn, flags: others = {} }: StoreSettings,
  storage: Readonly<Record<string, string>>,
) {
  const { publicKeyPem, token } = await drawAccess();
  const publicKeyFile = join(folder, "public-key.pem");
  writeFileSync(publicKeyFile, publicKeyPem, { mode: 0o600 });
  const address: StoreAddress = { url: `http://127.0.0.1:${port}`, secret: token };
  const flags = {
    level: "warn", // at its default it writes several lines for each request
    "server-bind": "127.0.0.1",
    "server-host": "127.0.0.1",
    "server-port": port,
    "server-shutdown-timeout": 1_000,
    ...storage,
    "auth-publickey": publicKeyFile,
    "tasks-lease-timeout": leaseMs,
    "tasks-retry-timeout": sendAgainMs,
    "timeouts-poll-interval": pollMs,
    "messages-poll-interval": pollMs,
    "transports-http-push-enabled": false,
    "observability-metrics-port": 0, // it would listen on every interface
    ...others,
  };
  const args = ["serve", ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)])];
  const begin = () => spawn({ name: "resonate-server", file: program(), args, cwd: folder });
  const lives = await startStoreProcess({
    name: "resonate-server",
    begin,
    ask: () => untilAnswered(address),
  });
  return { address, ...lives };
}

/** Uses a server that is running. What it keeps, and how soon it sends again, is its own affair. */
export function externalResonateServer(given: StoreAddress): StartStore {
  return async ({ sweepAtEnd }) => {
    const address = { ...given, prefix: drawPrefix() };
    sweepAtEnd(address);
    return {
      address,
      version: "a Resonate server of an unknown version, not started by the run",
      inspect: (sessions) => residueIn(address, sessions),
      traffic: async () => unknownTraffic,
      ...notOurs,
    };
  };
}

/** Why a server cannot be used; null where it answers, and takes the token. */
export async function whyServerIsAway(given: StoreAddress): Promise<string | null> {
  try {
    await searchAll(given, "task", "halted");
    return null;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return messageOf(cause);
  }
}

/** Rejects unless the server says that it and its database are ready. */
async function untilAnswered({ url }: StoreAddress): Promise<void> {
  const { status } = await fetch(new URL("/ready", url), { signal: AbortSignal.timeout(5_000) });
  if (status !== 200) throw new Error(`the server is not ready: HTTP ${status}`);
}

/** What is still open once every session has ended. */
async function residueIn(address: StoreAddress, sessions: ReadonlySet<string>): Promise<readonly Residue[]> {
  const { prefix = "" } = address;
  const promises = await searchAll(address, "promise", "pending");
  const openStates = ["pending", "acquired", "suspended", "halted"];
  const tasks = (await Promise.all(openStates.map((state) => searchAll(address, "task", state)))).flat();
  return [
    ...promises.map(({ id }) => ({ id, what: `promise ${id} is pending` })),
    ...tasks.map(({ id, state }) => ({ id, what: `task ${id} is ${state}` })),
  ]
    .filter(({ id }) => prefix === "" || id.startsWith(`session/${prefix}`))
    .map(({ id, what }) => ({ session: sessionOf(id, sessions, prefix), what }));
}
