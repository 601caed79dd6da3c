import { describe, expect, test } from "vitest";
import { create, get, withAuth } from "../../testing/embedded-requests-under-test.ts";
import { StoreEngine } from "./engine.ts";
import { readRequest, replyTo } from "./protocol.ts";

describe("readRequest", () => {
  test("takes what the SDK sends", () => {
    const request = withAuth(create("p", { target: "poll://any@g" }), "secret");
    expect(readRequest(JSON.stringify(request))).toEqual({ kind: "request", request });
  });

  test.each([
    ["{", 400, "not JSON"],
    ["null", 400, "not a request"],
    ['{"kind":"promise.unheard","head":{"corrId":"7","version":"v"},"data":{}}', 400, "not a request"],
    ['{"kind":"debug.reset","head":{"corrId":"7","version":"v"},"data":{}}', 403, "not offered"],
    [JSON.stringify(create("p")).replace("9999999999999", "1e999"), 400, "out of range"],
    [JSON.stringify(create("p")).replace('"tags":{}', '"tags":{"resonate:target":7}'), 400, "strings"],
    [
      JSON.stringify(create("p")).replace('"tags":{}', `"tags":${"[".repeat(99)}${"]".repeat(99)}`),
      400,
      "strings",
    ],
    [
      JSON.stringify(create("p")).replace('"head"', `"x":${"[".repeat(99)}${"]".repeat(99)},"head"`),
      400,
      "deeper",
    ],
  ])("refuses %s", (body, status, reason) => {
    const read = readRequest(body);
    if (read.kind !== "refused") throw new Error("it was taken");
    expect(read.reply.status).toBe(status);
    expect(JSON.parse(read.reply.body)).toMatchObject({
      head: { status },
      data: expect.stringContaining(reason),
    });
  });

  test("echoes whose request it refuses, as far as that can be told", () => {
    const read = readRequest('{"kind":"promise.unheard","head":{"corrId":"7","version":"v"}}');
    if (read.kind !== "refused") throw new Error("it was taken");
    const { kind, head } = JSON.parse(read.reply.body);
    expect({ kind, head }).toEqual({
      kind: "promise.unheard",
      head: { corrId: "7", version: "v", status: 400 },
    });
  });
});

test("a reply repeats the correlation id and the version of its request, and the status of its answer", () => {
  const request = get("nobody");
  const reply = replyTo(request, new StoreEngine().apply(request).response);
  expect(reply.status).toBe(404);
  expect(JSON.parse(reply.body)).toEqual({
    kind: "promise.get",
    head: { corrId: request.head.corrId, version: request.head.version, status: 404 },
    data: "Promise not found",
  });
});
