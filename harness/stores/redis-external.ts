/** A Redis, or a Valkey, that is running already, as the baseline's store. */
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { messageOf } from "../errors.ts";
import { drawPrefix, notOurs } from "./external.ts";
import { residueIn } from "./redis-residue.ts";
import { RedisVisits } from "./redis-visits.ts";
import { type StartStore, unknownTraffic } from "./store.ts";

/** The baseline's store where a URL names it. Its durability and its eviction are what whoever runs it has set. */
export function externalRedis(given: StoreAddress): StartStore {
  return async ({ sweepAtEnd }) => {
    const prefix = drawPrefix();
    const address = { ...given, prefix };
    const visits = new RedisVisits(address);
    const version = await versionOf(visits);
    sweepAtEnd(address);
    return {
      address,
      version,
      inspect: (sessions) => visits.visit((redis) => residueIn(redis, sessions, prefix)),
      traffic: async () => unknownTraffic,
      ...notOurs,
    };
  };
}

/** Why the store cannot be used; null where it answers. */
export async function whyRedisIsAway(given: StoreAddress): Promise<string | null> {
  try {
    await versionOf(new RedisVisits(given));
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function versionOf(visits: RedisVisits): Promise<string> {
  return visits.visit(async (redis) => {
    const info = await redis.info("server");
    const valkey = /^valkey_version:(\S+)/m.exec(info)?.[1];
    const version = /^redis_version:(\S+)/m.exec(info)?.[1] ?? "of an unknown version";
    return `${valkey === undefined ? `redis ${version}` : `valkey ${valkey}`}, not started by the run`;
  });
}
