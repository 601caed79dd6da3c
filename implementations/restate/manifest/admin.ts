/** The few requests that the harness itself makes of a Restate server's admin API: is it there, what is open in it, and its end. */
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Residue } from "../../../harness/world/entry.ts";
import type { StoreAddress } from "../../session/contract.ts";
import { adminUrl, authorization, workflowKey, workflowName } from "../names.ts";

const timeoutMs = 10_000;
const askAgainMs = 100;

const invocationSchema = z.object({
  id: z.string(),
  status: z.string(),
  target_service_name: z.string(),
  target_service_key: z.string().nullish(),
});
const rowsSchema = z.object({ rows: z.array(invocationSchema) });

/** Rejects when the server cannot be reached, or refuses. An answer without a body is null. */
export async function askServer(
  address: StoreAddress,
  path: string,
  { method = "GET", body }: { readonly method?: string; readonly body?: object } = {},
): Promise<unknown> {
  const answer = await fetch(adminUrl(address) + path, {
    method,
    headers: { accept: "application/json", "content-type": "application/json", ...authorization(address) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${text}`);
  return text === "" ? null : JSON.parse(text);
}

export type OpenInvocation = z.infer<typeof invocationSchema>;

/** The invocations of a run that have not ended, those that wait or are paused among them. */
export async function openInvocations(address: StoreAddress): Promise<readonly OpenInvocation[]> {
  const query = `SELECT id, status, target_service_name, target_service_key FROM sys_invocation
    WHERE status != 'completed' AND target_service_name LIKE '${workflowName("", address.prefix)}%'`;
  const ask = () => askServer(address, "/query", { method: "POST", body: { query } });
  const until = performance.now() + timeoutMs;
  for (;;) {
    try {
      return rowsSchema.parse(await ask()).rows;
    } catch (error) {
      if (performance.now() > until) throw error;
      await delay(askAgainMs); // a server that has just started refuses, until each of its partitions has a leader
    }
  }
}

/** Ends an invocation, and runs nothing more of it. */
export async function kill(address: StoreAddress, { id }: Pick<OpenInvocation, "id">): Promise<void> {
  await askServer(address, `/invocations/${id}/kill`, { method: "PATCH" });
}

/** What is still open once every session has ended. A workflow of ours has no state, no promises and no scheduled calls of its own. */
export async function residueIn(
  address: StoreAddress,
  sessions: ReadonlySet<string>,
): Promise<readonly Residue[]> {
  const byKey = new Map([...sessions].map((session) => [workflowKey(session), session]));
  return (await openInvocations(address)).map(({ id, status, target_service_key: key }) => ({
    session: byKey.get(key ?? "") ?? null,
    what: `invocation ${id} of ${key} is ${status}`,
  }));
}
