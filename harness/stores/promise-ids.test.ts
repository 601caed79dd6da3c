import { expect, test } from "vitest";
import { oddIds } from "../plan/session-ids.ts";
import { sessionOf } from "./promise-ids.ts";

test.each(Object.entries(oddIds))(
  "the promises of a session with an id of %s are known for its own",
  (_, idAt) => {
    const id = idAt(17);
    const sessions = new Set([id]);
    expect(sessionOf(`session/${id}`, sessions)).toBe(id);
    expect(sessionOf(`session/${id}:0:1`, sessions)).toBe(id);
    expect(sessionOf(`session/run-${id}:0`, sessions, "run-")).toBe(id);
    expect(sessionOf(`session/${id}x`, sessions)).toBeNull();
  },
);
