/** How fast a PostgreSQL answers by itself: `pgbench` writes rows by their primary key, as a step does. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { withPostgres } from "../postgres/connection.ts";
import { postgresPrograms } from "../postgres/program.ts";
import type { RateAlone } from "../store.ts";
import { connections, measuredMs, runBenchmark } from "./benchmark.ts";

const table = "killproof_alone";
const rowCount = 1_000;
const request = "an UPDATE of one row by its primary key, a prepared statement and a transaction of its own";

const create = `
CREATE TABLE ${table} (id int PRIMARY KEY, fence bigint NOT NULL, done text) WITH (fillfactor = 50);
INSERT INTO ${table} SELECT id, 0 FROM generate_series(1, ${rowCount}) AS id`;
const write = `
\\set id random(1, ${rowCount})
UPDATE ${table} SET fence = fence + 1, done = 'record:0' WHERE id = :id;
`;

export async function postgresAlone(address: StoreAddress): Promise<RateAlone> {
  const { hostname, port, username, pathname } = new URL(address.url);
  const place = ["-h", hostname, "-p", port, "-U", decodeURIComponent(username)];
  const size = ["-c", String(connections), "-T", String(measuredMs / 1_000)];
  await withPostgres(address, (client) => client.query(create));
  try {
    const said = await runBenchmark({
      file: program(),
      args: [...place, ...size, "-n", "-M", "prepared", "-f", "-", pathname.slice(1)],
      env: { PGPASSWORD: address.secret },
      input: write,
    });
    if (said.kind === "unknown") return said;
    const perSecond = perSecondIn(said.output);
    if (perSecond === null) return { kind: "unknown", why: "what pgbench said was not understood" };
    return { kind: "measured", request, requests: await writesIn(address), perSecond };
  } finally {
    await withPostgres(address, (client) => client.query(`DROP TABLE ${table}`));
  }
}

/** Beside the server, or where the path has it: the npm package brings none. */
function program(): string {
  const beside = join(postgresPrograms() ?? "", "pgbench");
  return existsSync(beside) ? beside : "pgbench";
}

/** Of `tps = 6172.5 (without initial connection time)`, or `(excluding connections establishing)` before version 14. Pure. */
function perSecondIn(output: string): number | null {
  const [, perSecond] = /^tps = ([\d.]+) \((?:without|excluding)/m.exec(output) ?? [];
  return perSecond === undefined ? null : Number(perSecond);
}

/** What the rows say. */
function writesIn(address: StoreAddress): Promise<number> {
  return withPostgres(address, async (client) => {
    const { rows } = await client.query<{ writes: string }>(`SELECT sum(fence) AS writes FROM ${table}`);
    return Number(rows[0]?.writes);
  });
}
