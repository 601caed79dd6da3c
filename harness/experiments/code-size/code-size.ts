/** The experiment `code-size`: lines and statements by file and concern, counted by the TypeScript scanner. It reads and runs nothing. */
import { z } from "zod";
import { type FigureRow, plain } from "../../report/figure-row.ts";
import { byTheBook, partsOfTargetName } from "../../report/target-name.ts";
import { knownEngines } from "../../targets/targets.ts";
import { type Experiment, profileNames } from "../experiment.ts";
import { anotherStore } from "./concerns.ts";
import { countCode } from "./count.ts";
import { footprint } from "./footprint.ts";
import { lifecyclesOf } from "./lifecycle-source.ts";
import { type CodeSizeRow, type CodeSizeRows, codeSizeRowSchemas, type FootprintRow } from "./rows.ts";
import {
  codeSizeFilesTable,
  codeSizeInBrief,
  codeSizeTable,
  concernOf,
  footprintTable,
  linesAndStatements,
} from "./tables.ts";

export const codeSize: Experiment<CodeSizeRows, Record<string, never>, object> = {
  name: "code-size",
  summary: "lines and statements by file and concern, counted by the TypeScript scanner, with the rule",
  flags: [],
  shared: { targets: false, durability: false, atOnce: false },
  inCompare: profileNames,
  injectsFaults: false,
  rows: codeSizeRowSchemas,
  settings: z.strictObject({}),
  settingsFrom: () => ({}),
  play: {
    kind: "read",
    read: async () => ({ codeSize: await countCode(), footprint: await footprint() }),
  },
  overviews: (rows) => [...(rows.codeSize.length > 0 ? [codeSizeTable(rows)] : []), footprintTable(rows)],
  details: (rows) => [codeSizeFilesTable(rows)],
  brief: (rows) => [codeSizeInBrief(rows)],
  figures: ({ codeSize: files, footprint: footprints }) => [
    ...files.flatMap(ofFile),
    ...footprints.flatMap(ofFootprint),
  ],
  headline: [
    {
      what: () => "code lines (statements)",
      of: ({ codeSize: files }, target) => {
        // What reaches another store than the usual one is needed there only.
        const { engine, store } = partsOfTargetName(target);
        const known = knownEngines().find(({ name }) => name === engine);
        const needsMore = Object.values(known?.manifest.filesOfStore ?? {}).includes(store);
        const own = files.filter(
          ({ implementation, concern }) =>
            implementation === engine && (concern !== anotherStore || needsMore),
        );
        return linesAndStatements(own);
      },
      decidesAs: "code lines (statements)",
    },
    {
      what: () => "code lines (statements), by the book",
      of: ({ codeSize: files }, target) => {
        const implementation = byTheBook(partsOfTargetName(target).engine);
        return linesAndStatements(files.filter((row) => row.implementation === implementation));
      },
    },
  ],
  pageExtras: async ({ targets }) => ({ lifecycles: await lifecyclesOf(targets.map(({ name }) => name)) }),
};

function ofFile(row: CodeSizeRow): readonly FigureRow[] {
  const subject = `${row.file}, ${concernOf(row)}`;
  const place = { experiment: "code-size", target: row.implementation, mode: null, subject };
  return [
    plain(place, "size", "code lines", row.codeLines),
    plain(place, "size", "comment lines", row.commentLines),
    plain(place, "size", "statements", row.statements),
    { ...plain(place, "size", "gzip", row.gzipBytes), unit: "bytes" },
  ];
}

function ofFootprint(row: FootprintRow): readonly FigureRow[] {
  const place = { experiment: "code-size", target: row.implementation, mode: null, subject: "footprint" };
  return [
    plain(place, "size", "services", row.services.length),
    plain(place, "size", "direct packages", row.packages.length),
    plain(place, "size", "packages in all", row.packagesInAll),
    plain(place, "size", "concepts", row.concepts.length),
  ];
}
