/** Starts lifecycles by id and waits for their results. The session id is the workflow id; nothing else is stored. */
import { setTimeout as delay } from "node:timers/promises";
import { Resonate, ResonateTimeoutException } from "@resonatehq/sdk";
import type { ConnectClient } from "../../harness/contract.ts";
import type { SessionResult } from "../session/spec.ts";
import { connectionLog } from "./connection-log.ts";

/** What a session may take besides idling. The default for all of it is 24 h, idle window included. */
const activeTimeoutMs = 24 * 60 * 60 * 1000;

export const connectClient: ConnectClient = async ({ store, group, retryDelayMs }) => {
  const { logger, connected } = connectionLog();
  const resonate = new Resonate({ url: store.url, token: store.secret, group: "clients", logger });
  await connected;
  return {
    async start(spec) {
      const timeout = spec.idleTimeoutMs + activeTimeoutMs;
      const options = resonate.options({ target: group, timeout });
      const id = `session/${spec.sessionId}`;
      // The SDK asks once. Asking again until the store answers starts nothing twice: the id makes it the same start.
      for (;;) {
        try {
          const handle = await resonate.beginRpc<SessionResult>(id, "session", spec, options);
          return { result: () => handle.result() };
        } catch (error) {
          if (!(error instanceof ResonateTimeoutException)) throw error;
          await delay(retryDelayMs);
        }
      }
    },
    close: () => resonate.stop(),
  };
};
