/** The engines, a line each: the folder's name and its manifest. */
import type { Engine } from "../harness/engines/engine.ts";
import { engine as dbos } from "./dbos/manifest/engine.ts";
import { engine as postgresQueue } from "./postgres-queue/manifest/engine.ts";
import { engine as redisBullmq } from "./redis-bullmq/manifest/engine.ts";
import { engine as resonate } from "./resonate/manifest/engine.ts";
import { engine as restate } from "./restate/manifest/engine.ts";

/** In the order of a report. */
export const engines: ReadonlyMap<string, Engine> = new Map([
  ["resonate", resonate],
  ["redis-bullmq", redisBullmq],
  ["postgres-queue", postgresQueue],
  ["restate", restate],
  ["dbos", dbos],
]);
