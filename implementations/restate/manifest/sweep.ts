/** Takes what a run made out of a server that it was given: its invocations, and the addresses of its workers. */
import type { StoreAddress } from "../../session/contract.ts";
import { workflowName } from "../names.ts";
import { askServer, kill, openInvocations } from "./admin.ts";

interface Deployments {
  readonly deployments: readonly {
    readonly id: string;
    readonly services: readonly { readonly name: string }[];
  }[];
}

/** Says on the error output what could not be taken away, since nobody is there any more to be told otherwise. */
export async function sweep(address: StoreAddress): Promise<void> {
  try {
    const { prefix = "" } = address;
    if (prefix === "") throw new Error("a sweep without a prefix would take everything");
    for (const invocation of await openInvocations(address)) await kill(address, invocation);
    const { deployments } = (await askServer(address, "/deployments")) as Deployments;
    const begins = workflowName("", prefix);
    for (const { id, services } of deployments) {
      if (services.some(({ name }) => name.startsWith(begins)))
        await askServer(address, `/deployments/${id}?force=true`, { method: "DELETE" });
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.error(`What begins with ${address.prefix} could not be taken out of ${address.url}: ${why}`);
  }
}
