/** A client as the documentation has it: the session id names the workflow, and a call by RPC runs it in the workers' group. */
// concern: wiring
import { Resonate } from "@resonatehq/sdk";
import type { ConnectClient } from "../../session/contract.ts";
import { type SessionResult, sessionSpecSchema } from "../../session/spec.ts";

export const connectClient: ConnectClient = async ({ store, group }) => {
  const { url, secret, prefix = "" } = store;
  const resonate = new Resonate({ url, token: secret || undefined, group: `${prefix}${group}-clients` });
  return {
    async start(spec) {
      sessionSpecSchema.parse(spec);
      const id = `session/${prefix}${spec.sessionId}`;
      const options = resonate.options({ target: `poll://any@${prefix}${group}` });
      const handle = await resonate.beginRpc<SessionResult>(id, "session", spec, options);
      return { result: () => handle.result() };
    },
    close: () => resonate.stop(),
  };
};
