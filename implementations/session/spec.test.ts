import { expect, test } from "vitest";
import { sessionSpecSchema } from "./spec.ts";

const spec = { sessionId: "s", userId: "u", activities: [], idleTimeoutMs: 0 };

test.each([
  [{ sessionId: "" }, "neither ':' nor NUL"],
  [{ sessionId: "a:b" }, "neither ':' nor NUL"],
  [{ sessionId: "half\ud800" }, "half a surrogate pair"],
  [{ userId: "half\ud800" }, "half a surrogate pair"],
  [{ activities: [{ action: "half\udc00", target: "" }] }, "half a surrogate pair"],
  [{ activities: [{ action: "view", target: "half\ud800" }] }, "half a surrogate pair"],
  [{ idleTimeoutMs: 8.64e15 }, "no date"],
])("a session with %j is refused", (part, why) => {
  const { error } = sessionSpecSchema.safeParse({ ...spec, ...part });
  expect(error?.issues[0]?.message).toContain(why);
});

test("whole characters of any plane are text", () => {
  expect(sessionSpecSchema.safeParse({ ...spec, sessionId: "日本語🙂", userId: "🙂" }).success).toBe(true);
});
