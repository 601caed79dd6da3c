/** A worker as the documentation has it: an endpoint that serves the workflow, and is registered with the server, until its process ends. */
// concern: wiring
import { createServer } from "node:http2";
import { endpoint } from "@restatedev/restate-sdk";
import type { StartWorker } from "../../session/contract.ts";
import { sessionWorkflow } from "./lifecycle.ts";

export const startWorker: StartWorker = async ({ store, group, world, reachedAt }) => {
  if (reachedAt === undefined)
    throw new Error("Restate calls its workers: this one was not told where to listen");
  const name = `session-${store.prefix ?? ""}${group}`.replace(/[^a-zA-Z0-9.-]/g, "_");
  const handler = endpoint().bind(sessionWorkflow(name, world)).http2Handler();
  createServer(handler).listen(reachedAt.port, "127.0.0.1"); // `serve({ port })` listens on every interface
  const admin = new URL(store.url);
  admin.port = admin.searchParams.get("admin") ?? "9070";
  for (let isKnown = false; !isKnown; ) {
    isKnown = await fetch(`${admin.origin}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ uri: reachedAt.url }),
    }).then(
      ({ ok }) => ok,
      () => false,
    );
  }
  return { stop: async () => {} };
};
