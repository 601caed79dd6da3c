/** What is turned costs no promise: every tuned target that this machine has keeps every rule of the contract. */
import { expect, test } from "vitest";
import { conform } from "../../conform/conform.ts";
import { knownEngines, targetsNamed } from "../../targets/targets.ts";
import { runForTests } from "../../testing/run-for-tests.ts";
import { tunedTargets, tuningsOf } from "./tuned-targets.ts";

const current = runForTests();

const tunable = knownEngines()
  .flatMap(({ name, manifest: { stores } }) => stores.map((store) => `${name}@${store.name}`))
  .flatMap((name) => targetsNamed(name))
  .filter((target) => tuningsOf(target).length > 0);

test.for(tunable)("$name keeps every rule, whatever is turned", async (target, { skip }) => {
  const reason = await target.whyUnavailable();
  skip(reason !== null, reason ?? "");
  for (const { target: tuned } of tunedTargets(current.run, target)) {
    const outcomes = await conform(current.run, tuned, () => {});
    const broken = outcomes.filter(({ isKept }) => isKept === false);
    expect(broken, tuned.name).toEqual([]);
  }
});
