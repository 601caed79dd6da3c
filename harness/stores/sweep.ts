/**
 * Takes what runs made out of stores that they were given: names under the runs' own prefixes and nothing else. The
 * reaper calls it when everything else has ended, so that it happens after an abort too.
 */
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { messageOf } from "../errors.ts";
import { withPostgres } from "./postgres/connection.ts";
import { dropDatabaseOfRun, isDatabaseOfRun } from "./postgres/empty.ts";
import { keysUnder } from "./redis-residue.ts";
import { RedisVisits } from "./redis-visits.ts";
import { searchAll, send } from "./resonate-server/requests.ts";

/** Where the reaper finds {@link sweep}. */
export const sweepModule = import.meta.url;

/** Sweeps a store; says on the error output what could not be taken away, since nobody is there any more to be told otherwise. */
export async function sweep(address: StoreAddress): Promise<void> {
  try {
    await sweepOne(address);
  } catch (error) {
    const why = messageOf(error);
    console.error(`What begins with ${address.prefix} could not be taken out of ${address.url}: ${why}`);
  }
}

async function sweepOne(address: StoreAddress): Promise<void> {
  const { prefix = "" } = address;
  if (prefix === "") throw new Error("a sweep without a prefix would take everything");
  switch (new URL(address.url).protocol) {
    case "redis:":
    case "rediss:":
      return sweepRedis(address, prefix);
    case "postgres:":
      return sweepPostgres(address, prefix);
    default:
      return cancelOnServer(address, prefix);
  }
}

function sweepRedis(address: StoreAddress, prefix: string): Promise<void> {
  return new RedisVisits(address).visit(async (redis) => {
    for await (const keys of keysUnder(redis, prefix)) if (keys.length > 0) await redis.unlink(keys);
  });
}

/** A database of the run's own goes as a whole. Elsewhere promises take their tasks, callbacks and listeners with them; messages stand by themselves. */
async function sweepPostgres(address: StoreAddress, prefix: string): Promise<void> {
  if (isDatabaseOfRun(address)) {
    await dropDatabaseOfRun(address);
    return;
  }
  const ids = `session/${prefix}`;
  await withPostgres(address, async (client) => {
    await client.query("DELETE FROM resonate.promises WHERE starts_with(id, $1)", [ids]);
    await client.query(
      "DELETE FROM resonate.outbox WHERE starts_with(COALESCE(task_id, promise->>'id'), $1)",
      [ids],
    );
  });
}

/** The protocol deletes nothing. What is pending is cancelled, so that no timer fires and no worker is asked; the rest stays as a record. */
async function cancelOnServer(address: StoreAddress, prefix: string): Promise<void> {
  for (const { id } of await searchAll(address, "promise", "pending")) {
    if (!id.startsWith(`session/${prefix}`)) continue;
    await send(address, "promise.settle", { id, state: "rejected_canceled", value: {} });
  }
}
