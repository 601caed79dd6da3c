/** A caller starts the empty workflow as it starts a lifecycle, and hears of its end in the same way. */
export { connectClient } from "../../client.ts";
