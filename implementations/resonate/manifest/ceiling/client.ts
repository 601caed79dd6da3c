/** A caller starts the empty function as it starts a lifecycle. */
export { connectClient } from "../../client.ts";
