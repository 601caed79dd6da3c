import { expect, test } from "vitest";
import { parseAddress } from "./address.ts";

test.each([
  ["poll://uni@g/p", { cast: "uni", group: "g", pid: "p" }],
  ["poll://any@g", { cast: "any", group: "g", pid: null }],
  ["poll://any@g/p", { cast: "any", group: "g", pid: "p" }],
  ["poll://any@g/p/q", { cast: "any", group: "g", pid: "p/q" }],
  ["poll://uni@g@h/w1#3", { cast: "uni", group: "g@h", pid: "w1#3" }],
  ["poll://uni@g", null],
  ["poll://any@", null],
  ["http://localhost/hook", null],
  ["local://any@g/p", null],
])("%s", (address, target) => {
  expect(parseAddress(address)).toEqual(target);
});
