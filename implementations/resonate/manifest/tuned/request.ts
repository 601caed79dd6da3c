/**
 * The requests of `HttpNetwork` by undici's own call in place of `fetch`, which makes of each a web stream, a body to be copied and
 * classes of the standard. What the SDK (0.11.5) asks of an answer is asked here too.
 */
import type { Send } from "@resonatehq/sdk";
import { request } from "undici";
import type { StoreAddress } from "../../../session/contract.ts";

type AnyRequest = Parameters<Send>[0];

/** The statuses that the protocol has; any other one is a failure on the way (`PROTOCOL_STATUSES` of `HttpNetwork`). */
const statuses = new Set([200, 300, 404, 409, 422, 501]);

/** Rejects as the SDK's does where there is no answer within `timeoutMs`, and besides where its body takes longer. */
export function sendBy({ url, secret }: StoreAddress, timeoutMs: number): Send {
  const headers = {
    "content-type": "application/json",
    ...(secret === "" ? {} : { authorization: `Bearer ${secret}` }),
  };
  const send = async (asked: AnyRequest) => {
    const given = secret === "" ? asked : { ...asked, head: { ...asked.head, auth: secret } };
    const tooLate = new AbortController();
    const timer = setTimeout(() => tooLate.abort(), timeoutMs);
    try {
      const body = JSON.stringify(given);
      const answer = await request(url, { method: "POST", headers, body, signal: tooLate.signal });
      const text = await answer.body.text();
      if (!statuses.has(answer.statusCode)) throw new Error(`HTTP ${answer.statusCode}`);
      return answerTo(asked, text);
    } finally {
      clearTimeout(timer);
    }
  };
  return send as Send; // which of the answers belongs to which request its text says, not its type
}

function answerTo({ kind, head }: AnyRequest, text: string): unknown {
  const answer = JSON.parse(text);
  if (answer?.kind !== kind || answer.head?.corrId !== head.corrId)
    throw new Error("the answer is not to this request");
  return answer;
}
