/** What is turned for Resonate, with a server that counts its connections: Node's own `fetch`, and the package `undici`. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { afterEach, expect, test } from "vitest";
import { keepConnections } from "./connections.ts";
import { sendBy } from "./request.ts";

const usual = getGlobalDispatcher();
const servers: Server[] = [];
afterEach(async () => {
  const turned = getGlobalDispatcher();
  setGlobalDispatcher(usual);
  if (turned !== usual) await turned.destroy();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** Its URL, and how many connections were opened to it. */
async function serverThat(answers: RequestListener): Promise<{ readonly url: string; connections: number }> {
  const server = createServer({ keepAliveTimeout: 60_000 }, answers);
  servers.push(server);
  const seen = { url: "", connections: 0 };
  server.on("connection", () => {
    seen.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a TCP server's address is never a path
  return seen;
}

const manyAtOnce = async (url: string) => {
  const answers = Array.from({ length: 24 }, () => fetch(url, { method: "POST", body: "x" }));
  await Promise.all(answers.map(async (answer) => (await answer).text()));
};

test("Node's fetch keeps its connections by itself, and opens one for each request under way; turned, no more than 16", async () => {
  const untuned = await serverThat((_, response) => response.end("y"));
  await manyAtOnce(untuned.url);
  await manyAtOnce(untuned.url);
  expect(untuned.connections).toBeGreaterThanOrEqual(24);
  expect(untuned.connections).toBeLessThan(48);
  keepConnections();
  const tuned = await serverThat((_, response) => response.end("y"));
  await manyAtOnce(tuned.url);
  await manyAtOnce(tuned.url);
  expect(tuned.connections).toBe(16);
});

const question = {
  kind: "promise.get",
  head: { corrId: "1", version: "2026-04-01" },
  data: { id: "x" },
} as const;

const answer = { kind: "promise.get", head: { corrId: "1", status: 404, version: "2026-04-01" }, data: "no" };

async function sentTo(answers: (request: IncomingMessage, body: string) => readonly [number, unknown]) {
  const { url } = await serverThat(async (request, response) => {
    const [status, body] = answers(request, await text(request));
    response.writeHead(status).end(JSON.stringify(body));
  });
  return sendBy({ url, secret: "s" }, 5_000)(question);
}

test("a request says who asks, and its answer is handed on with whatever status the protocol has", async () => {
  const got = await sentTo(({ headers, method }, body) => {
    expect(headers.authorization).toBe("Bearer s");
    expect(method).toBe("POST");
    expect(JSON.parse(body)).toEqual({ ...question, head: { ...question.head, auth: "s" } });
    return [404, answer];
  });
  expect(got).toEqual(answer);
});

test("another status, and an answer to another request, are none", async () => {
  await expect(sentTo(() => [401, answer])).rejects.toThrow("HTTP 401");
  await expect(sentTo(() => [200, { ...answer, head: { ...answer.head, corrId: "2" } }])).rejects.toThrow();
});

test("an answer whose body does not end is given up in time, and its connection with it", async () => {
  const closed = Promise.withResolvers<void>();
  const { url } = await serverThat((request, response) => {
    request.socket.on("close", () => closed.resolve());
    response.writeHead(200).write("{");
  });
  await expect(sendBy({ url, secret: "" }, 50)(question)).rejects.toThrow();
  await closed.promise;
});
