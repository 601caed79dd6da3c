import { Command } from "commander";
import { expect, test } from "vitest";
import { optionOf } from "./options.ts";

test.each([
  { given: ["--only", "a", "b"] },
  { given: ["--only", "a,b"] },
  { given: ["--only", "a", "--only", "b"] },
  { given: ["--only=a,b,"] },
])("names of a list: $given", ({ given }) => {
  const command = new Command().addOption(optionOf({ flag: "--only <names...>", says: "only these" }));
  expect(command.parse(given, { from: "user" }).opts()).toEqual({ only: ["a", "b"] });
});
