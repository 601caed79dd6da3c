/** Where a worker dies at its last request. Here the last checkpoint is the end: one statement, behind which it can die before it has heard that it is done. */
import { Pool } from "pg";

/** A query that has a name. */
interface Asked {
  readonly name: string;
  readonly values: readonly unknown[];
}

export async function hookCompletion(die: () => Promise<never>): Promise<void> {
  const query: (this: Pool, asked: Asked) => Promise<unknown> = Pool.prototype.query;
  Pool.prototype.query = async function (this: Pool, asked: Asked) {
    const answer = await query.call(this, asked);
    return asked.name === "letGo" && asked.values.includes("cleanup") ? die() : answer;
  } as typeof Pool.prototype.query;
}
