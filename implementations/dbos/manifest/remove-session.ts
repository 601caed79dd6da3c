/** How an operator gets rid of a session: its workflow is cancelled, as `dbos workflow cancel` does it. */
import type { Engine } from "../../../harness/engines/engine.ts";
import type { StoreAddress } from "../../session/contract.ts";

/** Of `operator.ts`, which needs the guest's packages: it is loaded when it is called, and not with the manifest. */
interface Operator {
  cancel(store: StoreAddress, group: string, sessionId: string): Promise<void>;
}

export const removeSession: NonNullable<Engine["removeSession"]> = async (store, group, sessionId) => {
  const operator: Operator = await import(new URL("./operator.ts", import.meta.url).href);
  await operator.cancel(store, group, sessionId);
};
