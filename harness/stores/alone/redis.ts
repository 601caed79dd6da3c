/** How fast a Redis answers by itself: `redis-benchmark`, which stands beside `redis-server`, runs a script as an engine would. */
import { randomBytes } from "node:crypto";
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import type { RedisVisits } from "../redis-visits.ts";
import type { RateAlone } from "../store.ts";
import { connections, measuredMs, runBenchmark } from "./benchmark.ts";

const prefix = "killproof-alone:";
const rowCount = 1_000;

/** Reads and writes a row and queues it, as a step does. */
const script = `
redis.call('HMGET', KEYS[1], 'step', 'fence')
redis.call('HSET', KEYS[1], 'step', ARGV[1], 'fence', ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[1], KEYS[1])
return redis.call('INCR', KEYS[3])`;
/** The server counts each command of a script, and the call of it. */
const requestsPerCall = 5;
const request =
  "a script that reads a row, writes it, queues it and counts; each of its four commands and its call";

/** How many calls are made to find out how many take as long as it is measured. */
const trialCalls = 1_000;

const queue = `${prefix}queue`;
const counter = `${prefix}counter`;
/** Named as `redis-benchmark` does, by numbers of twelve digits. */
const rows = Array.from({ length: rowCount }, (_, row) => prefix + String(row).padStart(12, "0"));

/** `server` is the program that runs: the one that loads it is named after it. */
export async function redisAlone(
  server: string,
  address: StoreAddress,
  visits: RedisVisits,
): Promise<RateAlone> {
  const file = server.replace(/-server(?=[^/]*$)/, "-benchmark");
  if (file === server) return { kind: "unknown", why: `nobody knows what program loads ${server}` };
  const user = `alone-${randomBytes(4).toString("hex")}`;
  // The program takes a password as an argument, which anybody can read: so not the store's, but that of a user who may do no more than this.
  const password = randomBytes(24).toString("hex");
  const may = ["+evalsha", "+hmget", "+hset", "+zadd", "+incr", "+config|get"];
  const sha = await visits.visit(async (redis) => {
    await redis.acl("SETUSER", user, "on", `>${password}`, `~${prefix}*`, ...may);
    return String(await redis.script("LOAD", script));
  });
  const { hostname, port } = new URL(address.url);
  const place = ["-h", hostname, "-p", port, "--user", user, "-a", password];
  const keys = [`${prefix}__rand_int__`, queue, counter];
  const call = ["evalsha", sha, String(keys.length), ...keys, "__rand_int__"];
  try {
    return await measure((calls) => {
      const size = ["-c", String(connections), "-n", String(calls), "-r", String(rowCount), "--csv"];
      return runBenchmark({ file, args: [...place, ...size, ...call] });
    });
  } finally {
    await visits.visit(async (redis) => {
      await redis.unlink(...rows, queue, counter);
      await redis.acl("DELUSER", user);
    });
  }
}

/** It is told how many calls to make and not for how long. */
async function measure(make: (calls: number) => ReturnType<typeof runBenchmark>): Promise<RateAlone> {
  let calls = trialCalls;
  for (const isTrial of [true, false]) {
    const said = await make(calls);
    if (said.kind === "unknown") return said;
    const perSecond = callsPerSecondIn(said.output);
    if (perSecond === null) return { kind: "unknown", why: "what redis-benchmark said was not understood" };
    if (!isTrial) {
      return {
        kind: "measured",
        request,
        requests: calls * requestsPerCall,
        perSecond: perSecond * requestsPerCall,
      };
    }
    calls = Math.ceil((perSecond * measuredMs) / 1_000);
  }
  throw new Error("a trial is followed by a measurement");
}

/** Of a line such as `"evalsha …","51282.05","0.161",…`, which a heading precedes in newer versions. Pure. */
function callsPerSecondIn(output: string): number | null {
  const [, perSecond] = /^"[^"]*","(\d+(?:\.\d+)?)"/m.exec(output) ?? [];
  return perSecond === undefined ? null : Number(perSecond);
}
