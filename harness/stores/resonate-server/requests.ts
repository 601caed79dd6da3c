/** The few requests that the harness itself makes of an official Resonate server: is it there, and what is open in it. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { StoreAddress } from "../../../implementations/session/contract.ts";

/** Of the protocol. The SDK has it too, and does not export it. */
export const protocolVersion = "2026-04-01";
const timeoutMs = 10_000;
/** As many as the server gives at once. */
const pageSize = 1_000;

const answerSchema = z.object({ head: z.object({ status: z.int() }), data: z.unknown() });
const recordSchema = z.object({ id: z.string(), state: z.string() });
const pageSchema = z.object({
  promises: z.array(recordSchema).optional(),
  tasks: z.array(recordSchema).optional(),
  cursor: z.string().nullish(),
});

type OpenRecord = z.infer<typeof recordSchema>;

/** Sends one request and resolves with its data. Rejects when the server cannot be reached or does not answer 200. */
export async function send(
  { url, secret }: StoreAddress,
  kind: string,
  data: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const auth = secret === "" ? {} : { auth: secret };
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ kind, head: { corrId: randomUUID(), version: protocolVersion, ...auth }, data }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const answer = answerSchema.parse(await response.json());
  const { status } = answer.head;
  if (status !== 200) throw new Error(`${kind} was answered with ${status}: ${JSON.stringify(answer.data)}`);
  return answer.data;
}

/** All promises, or tasks, that are in a state. */
export async function searchAll(
  address: StoreAddress,
  what: "promise" | "task",
  state: string,
): Promise<readonly OpenRecord[]> {
  const found: OpenRecord[] = [];
  for (let cursor: string | null = null; ; ) {
    const from: { cursor?: string } = cursor === null ? {} : { cursor };
    const page = pageSchema.parse(await send(address, `${what}.search`, { state, limit: pageSize, ...from }));
    found.push(...(page.promises ?? []), ...(page.tasks ?? []));
    cursor = page.cursor ?? null;
    if (cursor === null) return found;
  }
}
