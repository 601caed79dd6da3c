/** How an operator gets rid of a session: its promise is cancelled, as `resonate promises cancel` does it. */
import { randomUUID } from "node:crypto";
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import type { Engine } from "../../../harness/engines/engine.ts";
import { networkTo } from "../network.ts";

export const removeSession: NonNullable<Engine["removeSession"]> = async (store, group, sessionId) => {
  const logger = new ConsoleLogger("warn");
  const pid = randomUUID();
  const network = await networkTo({ store, group: `${group}-operators`, pid, logger });
  const resonate = new Resonate({ network, pid, logger });
  try {
    await network.connected;
    await resonate.promises.cancel(`session/${store.prefix ?? ""}${sessionId}`);
  } finally {
    await resonate.stop();
  }
};
