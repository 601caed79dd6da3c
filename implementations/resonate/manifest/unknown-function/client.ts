/** Starts sessions by the name of a function that no worker has registered: a deploy that forgot one looks like this. */
import { randomUUID } from "node:crypto";
import { ConsoleLogger, Resonate } from "@resonatehq/sdk";
import type { ConnectClient } from "../../../session/contract.ts";
import type { SessionResult } from "../../../session/spec.ts";
import { networkTo } from "../../network.ts";

export const connectClient: ConnectClient = async ({ store, group }) => {
  const { prefix = "" } = store;
  const logger = new ConsoleLogger("warn");
  const pid = randomUUID();
  const network = await networkTo({ store, group: `${group}-clients`, pid, logger });
  const resonate = new Resonate({ network, pid, logger });
  await network.connected;
  return {
    async start(spec) {
      const id = `session/${prefix}${spec.sessionId}`;
      const options = resonate.options({ target: prefix + group });
      const handle = await resonate.beginRpc<SessionResult>(id, "nobody-has-this", spec, options);
      return { result: () => handle.result() };
    },
    close: () => resonate.stop(),
  };
};
