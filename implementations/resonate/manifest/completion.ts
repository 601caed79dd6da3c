/** Where a worker dies at its last request: `task.fulfill` ends a workflow; it travels by `fetch`, or as the argument of a query. */
import type { Pool } from "pg";

export async function hookCompletion(die: () => Promise<never>): Promise<void> {
  const isFulfill = (text: unknown) => typeof text === "string" && JSON.parse(text).kind === "task.fulfill";
  const send = globalThis.fetch;
  globalThis.fetch = (input, init) => (isFulfill(init?.body) ? die() : send(input, init));
  const { Pool } = await import("pg");
  const query = Pool.prototype.query;
  Pool.prototype.query = function (this: Pool, text: string, values?: unknown[]) {
    return text.includes("resonate_rpc") && isFulfill(values?.[0])
      ? die()
      : Reflect.apply(query, this, [text, values]);
  } as typeof query;
}
