/** A PostgreSQL of the run's own: its folder, its configuration, and the lives of its process. */
import { appendFileSync, chmodSync, chownSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { execa } from "execa";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { HarnessError } from "../../errors.ts";
import type { SystemUser } from "../../processes/reaper.ts";
import type { Durability, Replication, Store, StoreSettings } from "../store.ts";
import { startStoreProcess } from "../store-process.ts";
import { withPostgres } from "./connection.ts";
import { postgresPrograms, unprivilegedUser } from "./program.ts";
import { type PostgresServer, ReplicatedPostgres } from "./replication.ts";

/**
 * A commit is written to the log before it is acknowledged, always: `synchronous_commit = off` would leave it in the
 * server's memory, where a SIGKILL ends it. What `fsync` decides is whether it is also synced. Nothing lies between the
 * two: PostgreSQL does not sync once a second what it has written before.
 */
const persistence = {
  process: ["fsync = off", "synchronous_commit = on"],
  fsync: ["fsync = on", "synchronous_commit = on"],
} as const satisfies Partial<Record<Durability, readonly string[]>>;

export const postgresDurabilities = Object.keys(persistence) as readonly (keyof typeof persistence)[];

const initTimeoutMs = 60_000;
const role = "killproof";

/** Makes a new cluster and starts it. @throws HarnessError when it cannot be made or does not start. */
export async function startCluster(
  { folder, port, durability, spawn, nextPort }: StoreSettings,
  secret: string,
): Promise<Pick<Store, "address" | "kill" | "restart" | "stop"> & { readonly replication: Replication }> {
  const programs = postgresPrograms();
  if (programs === null || durability === "everysec") throw new Error("the target was not looked at before");
  const user = await unprivilegedUser();
  const data = join(folder, "data");
  await makeCluster({ programs, folder, data, user, secret });
  appendFileSync(join(data, "postgresql.conf"), configuration(persistence[durability]));
  const serverOn = (name: string, folderOfData: string, ownPort: number) =>
    startServer({ programs, folder, user, secret, spawn, name, data: folderOfData, port: ownPort });
  const first = await serverOn("postgres", data, port);
  const cluster = new ReplicatedPostgres(first, async (name, copy) => serverOn(name, copy, await nextPort()));
  return {
    address: first.address,
    replication: cluster.replication,
    kill: () => cluster.kill(),
    restart: () => cluster.restart(),
    stop: () => cluster.stop(),
  };
}

interface ServerSettings extends Pick<StoreSettings, "folder" | "port" | "spawn"> {
  readonly programs: string;
  readonly user: SystemUser | undefined;
  readonly secret: string;
  readonly name: string;
  readonly data: string;
}

/** Starts a server on a folder of data. */
async function startServer(settings: ServerSettings): Promise<PostgresServer> {
  const { programs, folder, user, secret, spawn, name, data } = settings;
  let { port } = settings;
  const address = (): StoreAddress => ({ url: `postgres://${role}@127.0.0.1:${port}/postgres`, secret });
  const file = join(programs, "postgres");
  const begin = () => spawn({ name, file, args: ["-D", data, "-p", String(port)], cwd: folder, user });
  const { kill, ...lives } = await startStoreProcess({
    name,
    begin,
    ask: () => withPostgres(address(), (client) => client.query("SELECT 1")),
    stopSignal: "SIGINT",
  });
  return {
    get address() {
      return address();
    },
    data,
    ...lives,
    async kill() {
      const backends = await backendsOf(address());
      const killed = kill(); // the first process goes first: it would start the others again
      for (const pid of backends) killIfThere(pid);
      await killed;
    },
    async moveTo(ownPort) {
      await lives.stop();
      port = ownPort;
      await lives.restart();
    },
  };
}

interface NewCluster {
  readonly programs: string;
  readonly folder: string;
  readonly data: string;
  readonly user: SystemUser | undefined;
  readonly secret: string;
}

async function makeCluster({ programs, folder, data, user, secret }: NewCluster): Promise<void> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, secret, { mode: 0o600 });
  if (user !== undefined) {
    for (const own of [folder, passwordFile]) chownSync(own, user.uid, user.gid);
    chmodSync(dirname(folder), 0o711); // the run's folder: to be passed through on the way here, still not to be read
  }
  const how = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"];
  const made = await execa(
    join(programs, "initdb"),
    ["-D", data, `--username=${role}`, `--pwfile=${passwordFile}`, ...how],
    { reject: false, timeout: initTimeoutMs, cwd: folder, stdin: "ignore", ...user },
  );
  if (!made.failed) return;
  const words = made.stderr === undefined || made.stderr === "" ? made.shortMessage : made.stderr;
  throw new HarnessError(
    `PostgreSQL could not make its folder with ${join(programs, "initdb")}.`,
    `Last log line: ${words?.split("\n").at(-1)}`,
  );
}

function configuration(kept: readonly string[]): string {
  const lines = [
    "listen_addresses = '127.0.0.1'",
    "unix_socket_directories = ''",
    "dynamic_shared_memory_type = mmap", // in its own folder, which goes when the run ends, however it ends
    "max_connections = 1000", // the SDK opens up to nine for each process
    ...kept,
  ];
  return `\n${lines.join("\n")}\n`;
}

/**
 * The processes that the first one started. They would end by themselves when it is gone, once they have finished what
 * they were about, which is not how a machine dies.
 */
async function backendsOf(address: StoreAddress): Promise<readonly number[]> {
  try {
    const query = "SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()";
    const { rows } = await withPostgres(address, (client) => client.query<{ pid: number }>(query));
    return rows.map(({ pid }) => pid);
  } catch {
    return []; // it is down, or on its way up
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}
