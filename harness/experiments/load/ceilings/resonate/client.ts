/** A caller starts the empty function as it starts a lifecycle. */
export { connectClient } from "../../../../../implementations/resonate/client.ts";
