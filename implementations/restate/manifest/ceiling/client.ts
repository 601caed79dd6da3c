/** A caller submits the workflow as it starts a lifecycle, and is told of its end in the same way. */
export { connectClient } from "../../client.ts";
