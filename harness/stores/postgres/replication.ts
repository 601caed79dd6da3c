/** A PostgreSQL whose standby can take its place: it is promoted, and restarted on the primary's port. */
import { appendFileSync, chownSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { HarnessError } from "../../errors.ts";
import type { Defence } from "../../faults/kinds/failover.ts";
import type { Replication, ReplicationLink, Store } from "../store.ts";
import { withPostgres } from "./connection.ts";

/** One server on a folder of data. */
export interface PostgresServer extends Pick<Store, "address" | "kill" | "restart" | "stop"> {
  readonly data: string;
  /** Ends it in good order and starts it on another port. */
  moveTo(port: number): Promise<void>;
}

/** Starts a server on the data in this folder, on a port of its own. */
type StartOn = (name: string, data: string) => Promise<PostgresServer>;

const lookMs = 20;
const longestCatchUpMs = 30_000;
const promoteWithinS = 30;

export class ReplicatedPostgres implements Pick<Store, "kill" | "restart" | "stop"> {
  readonly replication: Replication;
  readonly #port: number;
  readonly #startOn: StartOn;
  #primary: PostgresServer;
  #standby: { readonly server: PostgresServer; readonly link: ReplicationLink } | null = null;
  #started = 0;

  constructor(primary: PostgresServer, startOn: StartOn) {
    this.#primary = primary;
    this.#startOn = startOn;
    this.#port = Number(new URL(primary.address.url).port);
    this.replication = {
      port: this.#port,
      keeps: { none: "nothing", "wait-for-replica": "everything" },
      attach: (link, defence) => this.#attach(link, defence),
      untilInStep: () => untilInStep(this.#primary.address),
      failOver: (onDead) => this.#failOver(onDead),
    };
  }

  kill(): Promise<void> {
    return this.#primary.kill();
  }

  restart(): Promise<void> {
    return this.#primary.restart();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#standby?.server.stop(), this.#primary.stop()]);
    await this.#standby?.link.close();
  }

  async #attach(link: ReplicationLink, defence: Defence): Promise<void> {
    const { address, data } = this.#primary;
    this.#started += 1;
    const copy = `${data}-standby-${this.#started}`;
    await copyOf(this.#primary, copy);
    const place = { host: "127.0.0.1", port: link.port, user: new URL(address.url).username };
    const words = Object.entries({ ...place, password: address.secret }).map(
      ([key, value]) => `${key}=${value}`,
    );
    appendFileSync(join(copy, "postgresql.conf"), `primary_conninfo = '${words.join(" ")}'\n`);
    writeAs(copy, "standby.signal", "");
    this.#standby = { server: await this.#startOn(`postgres-standby-${this.#started}`, copy), link };
    await untilInStep(address);
    if (defence === "wait-for-replica")
      await changeSettings(address, "ALTER SYSTEM SET synchronous_standby_names = '*'");
  }

  async #failOver(onDead = () => {}): Promise<void> {
    if (this.#standby === null) throw new Error("a failover to a standby that nobody attached");
    const { server, link } = this.#standby;
    this.#standby = null;
    await this.#primary.kill();
    onDead();
    await link.close();
    await withPostgres(server.address, (client) =>
      client.query("SELECT pg_promote(true, $1)", [promoteWithinS]),
    );
    this.#primary = server;
    await server.moveTo(this.#port);
  }
}

/** Copies the data of a server that runs, as a base backup: what it wrote meanwhile comes from its log. */
async function copyOf({ address, data }: PostgresServer, copy: string): Promise<void> {
  await withPostgres(address, async (client) => {
    await client.query("ALTER SYSTEM SET wal_keep_size = '1GB'");
    await client.query("SELECT pg_reload_conf()");
    await client.query("SELECT pg_backup_start('replica', true)");
    const copied = await execa("cp", ["-a", data, copy], { reject: false }); // files of its own may go while they are copied
    const { rows } = await client.query<{ labelfile: string }>("SELECT labelfile FROM pg_backup_stop(false)");
    const label = rows[0]?.labelfile;
    if (label === undefined || !readdirSync(copy).includes("PG_VERSION"))
      throw new HarnessError("PostgreSQL's data could not be copied for a standby.", copied.stderr);
    for (const file of ["postmaster.pid", "postmaster.opts"]) rmSync(join(copy, file), { force: true });
    for (const file of readdirSync(join(copy, "pg_wal")))
      if (/^[0-9A-F]{24}/.test(file)) rmSync(join(copy, "pg_wal", file));
    writeAs(copy, "backup_label", label);
  });
}

/** Writes a file that belongs to whoever the folder does. */
function writeAs(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}

async function changeSettings(address: StoreAddress, statement: string): Promise<void> {
  await withPostgres(address, async (client) => {
    await client.query(statement);
    await client.query("SELECT pg_reload_conf()");
  });
}

/** Resolves when the standby has what the primary has written until now, and gets what comes as it is written. */
async function untilInStep(address: StoreAddress): Promise<void> {
  const deadline = AbortSignal.timeout(longestCatchUpMs);
  await withPostgres(address, async (client) => {
    const { rows } = await client.query<{ written: string }>("SELECT pg_current_wal_lsn() AS written");
    const inStep = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming' AND flush_lsn >= $1::pg_lsn";
    while (!deadline.aborted) {
      const { rowCount } = await client.query(inStep, [rows[0]?.written]);
      if (rowCount === 1) return;
      await delay(lookMs);
    }
    throw new HarnessError(
      "A standby of PostgreSQL did not catch up.",
      "Run again on a machine with less to do.",
    );
  });
}
