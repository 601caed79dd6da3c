import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { editedText } from "../../engines/edited-copy.ts";
import { knownEngines, targetsNamed } from "../../targets/targets.ts";
import { tuningsOf } from "./tuned-targets.ts";

const engines = knownEngines().map(({ name, folder, manifest: { stores, tunings = [] } }) => ({
  name,
  folder,
  tunings,
  targets: stores
    .map((store) => targetsNamed(`${name}@${store.name}`)[0])
    .filter((target) => target !== undefined),
}));
const tuned = engines.flatMap(({ folder, tunings, targets }) =>
  targets.map((target) => ({ target, name: target.name, folder, tunings, turned: tuningsOf(target) })),
);

test.each(tuned)(
  "$name: what is turned stands in the real code once, also where all is turned",
  ({ folder, turned }) => {
    const read = (file: string) => readFileSync(new URL(file, folder), "utf8");
    for (const { edits } of turned) {
      for (const edit of edits) expect(editedText(read(edit.file), edit)).not.toBe(read(edit.file));
    }
    const texts = new Map<string, string>();
    for (const edit of turned.flatMap(({ edits }) => edits))
      texts.set(edit.file, editedText(texts.get(edit.file) ?? read(edit.file), edit));
  },
);

test("what is turned has a name of its own within its engine, turns something, and says where it is documented", () => {
  for (const { tunings } of engines) {
    expect(new Set(tunings.map(({ name }) => name)).size).toBe(tunings.length);
    for (const { edits, storeFlags, source } of tunings) {
      expect(edits.length + Object.keys(storeFlags ?? {}).length).toBeGreaterThan(0);
      expect(URL.canParse(source)).toBe(true);
    }
  }
});

test("a thing is turned where it turns something: on the stores that it names, and by flags of a store that the run starts", () => {
  const namesOn = (target: string, url?: string) =>
    targetsNamed(target, url === undefined ? {} : { resonateUrl: url })
      .flatMap(tuningsOf)
      .map(({ name }) => name);
  expect(namesOn("resonate@postgres")).toEqual([]);
  expect(namesOn("resonate@server")).toContain("messages every 5 ms");
  expect(namesOn("resonate@embedded")).not.toContain("messages every 5 ms");
  expect(namesOn("resonate@server", "http://127.0.0.1:8001")).toEqual(namesOn("resonate@embedded"));
  expect(namesOn("resonate-by-the-book@embedded")).toEqual([]);
  for (const { tunings, turned } of tuned.filter(({ name }) => name === "redis-bullmq@redis"))
    expect(turned).toEqual(tunings);
});
