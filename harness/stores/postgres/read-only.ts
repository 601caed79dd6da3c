/** A PostgreSQL that answers and takes no writes, as one does that is being moved, or whose disk is full. */
import type { StoreAddress } from "../../../implementations/session/contract.ts";
import { withPostgres } from "./connection.ts";

/** Every transaction that begins from now on may read only, those of connections that are open too; or none is kept to that any more. */
export function makeReadOnly(address: StoreAddress, isReadOnly: boolean): Promise<void> {
  return withPostgres(address, async (client) => {
    await client.query(`ALTER SYSTEM SET default_transaction_read_only = ${isReadOnly ? "on" : "off"}`);
    await client.query("SELECT pg_reload_conf()");
  });
}
