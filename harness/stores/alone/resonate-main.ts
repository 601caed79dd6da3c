/**
 * The process that loads a store of Resonate's protocol: on each of its connections it creates a promise and settles it, again and
 * again, as the SDK words it. It says what it did in its last part, when compilers and connections are warm, and ends.
 */
import { once } from "node:events";
import { Agent, request } from "node:http";
import { text } from "node:stream/consumers";
import type { PromiseCreateReq, PromiseSettleReq } from "@resonatehq/sdk";
import { protocolVersion } from "../resonate-server/requests.ts";
import { type LoopOrder, type LoopResult, loopVariable } from "./resonate.ts";

const warmUpMs = 500;
const promiseLivesMs = 60_000;

const { url, secret, connections, measuredMs }: LoopOrder = JSON.parse(process.env[loopVariable] ?? "");
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const head = { corrId: "alone", version: protocolVersion, ...(secret === "" ? {} : { auth: secret }) };
const headers = {
  "content-type": "application/json",
  ...(secret === "" ? {} : { authorization: `Bearer ${secret}` }),
};

const measuredFrom = performance.now() + warmUpMs;
const until = measuredFrom + measuredMs;
let requests = 0;

await Promise.all(
  Array.from({ length: connections }, (_, connection) => loop(`alone/${process.pid}/${connection}`)),
);
const result: LoopResult = { requests, tookMs: measuredMs };
process.stdout.write(JSON.stringify(result));
agent.destroy();

async function loop(name: string): Promise<void> {
  for (let turn = 0; performance.now() < until; turn++) {
    const id = `${name}/${turn}`;
    await ask({
      kind: "promise.create",
      head,
      data: { id, timeoutAt: Date.now() + promiseLivesMs, param: { data: "e30=" }, tags: {} },
    });
    await ask({ kind: "promise.settle", head, data: { id, state: "resolved", value: { data: "e30=" } } });
  }
}

/** Counts what is answered while it is measured. @throws for whatever is not answered with success. */
async function ask(body: PromiseCreateReq | PromiseSettleReq): Promise<void> {
  const asked = request(url, { agent, method: "POST", headers }).end(JSON.stringify(body));
  const [response] = await once(asked, "response");
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(`${body.kind}: HTTP ${response.statusCode} ${answer}`);
  const now = performance.now();
  if (now >= measuredFrom && now < until) requests += 1;
}
