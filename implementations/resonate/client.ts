/** Starts lifecycles by id and waits for their results. The session id is the workflow id; nothing else is stored. */
// concern: wiring
import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { ConsoleLogger, Resonate, type ResonateHandle, ResonateTimeoutException } from "@resonatehq/sdk";
import type { ConnectClient } from "../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../session/spec.ts";
import { boundMs, version } from "./lifecycle.ts";
import { networkTo } from "./network.ts";

export const connectClient: ConnectClient = async ({ store, group, retryDelayMs }) => {
  const { prefix = "" } = store;
  // concern: work-around for resonate server 0.9.8
  const awaited = new Set<ResonateHandle<SessionResult>>();
  // concern: wiring
  const logger = new ConsoleLogger("warn");
  const pid = randomUUID();
  const network = await networkTo({
    store,
    group: `${group}-clients`,
    pid,
    logger,
    // concern: work-around for resonate server 0.9.8
    onConnected: () => {
      // The server (v0.9.8) drops the news of a result that finds nobody connected, and by itself the SDK asks again once
      // a minute. An answer to this question resolves whoever waits for the same id.
      for (const handle of awaited) handle.result().catch(() => {});
    },
    // concern: wiring
  });
  const resonate = new Resonate({ network, pid, logger });
  await network.connected;
  let isClosed = false;
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const options = resonate.options({
        target: prefix + group,
        timeout: spec.idleTimeoutMs + boundMs,
        version,
      });
      const id = `session/${prefix}${spec.sessionId}`;
      // concern: retry and recovery
      // The SDK asks once. Asking again until the store answers starts nothing twice: the id makes it the same start.
      for (;;) {
        try {
          const handle = await resonate.beginRpc<SessionResult>(id, "session", spec, options);
          return { result: () => resultOf(handle) };
        } catch (error) {
          if (!(error instanceof ResonateTimeoutException) || isRefusal(error) || isClosed) throw error;
          await delay(retryDelayMs);
        }
      }
    },
    // concern: wiring
    async close() {
      isClosed = true;
      await resonate.stop();
    },
  };

  // concern: work-around for resonate server 0.9.8
  async function resultOf(handle: ResonateHandle<SessionResult>): Promise<SessionResult> {
    awaited.add(handle);
    try {
      return await handle.result();
    } finally {
      awaited.delete(handle);
    }
  }
};

// concern: retry and recovery
/**
 * Whether the store answers so to the same request for ever: malformed, not allowed, too large. Of HTTP only the text says so
 * (SDK 0.11.5), of PostgreSQL the class of its error: data, authorization, no database, syntax or access, a limit.
 */
function isRefusal({ message, cause }: ResonateTimeoutException): boolean {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  return /\bHTTP (400|401|403|413)$/.test(message) || /^(22|28|3D|42|54)...$/.test(code);
}
