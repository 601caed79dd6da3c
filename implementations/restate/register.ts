/** Makes an address of workers known to the server, which asks there what runs. */
// concern: wiring
import { setTimeout as delay } from "node:timers/promises";
import type { StoreAddress } from "../session/contract.ts";
import { adminUrl, authorization } from "./names.ts";

const askAgainMs = 100;

/** Resolves when the address is known: asks again until then. Known already, it stays as it is. */
export async function register(store: StoreAddress, uri: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${adminUrl(store)}/deployments`, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization(store) },
      body: JSON.stringify({ uri }),
    }).catch(() => null);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await delay(askAgainMs);
  }
}
