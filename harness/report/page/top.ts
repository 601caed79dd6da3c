/** The top of the page: the question, a verdict in one sentence per side, and how to see it for oneself. */

import { idOfVerdict } from "../../experiments/verdicts/page/violations.ts";
import { foundIn } from "../../experiments/verdicts/tables.ts";
import { commandLineOf } from "../command-line.ts";
import type { PageContent } from "../formats/html.ts";
import { counted, gibibytes, seconds } from "../numbers.ts";
import type { Results, VerdictRow } from "../results-schema.ts";
import { summarize } from "../summary.ts";
import { commandLine } from "./copy.ts";
import { h } from "./element.ts";
import { colourOf } from "./page-view.ts";

const question =
  "Can durable execution replace the session table, the timer job and the idempotency keys, and what is given up for it?";

/** Which versions say what a target ran on; the store's own is added to them. */
const enginesOf: Readonly<Record<string, readonly (readonly [key: string, name: string])[]>> = {
  resonate: [["resonateSdk", "@resonatehq/sdk"]],
  "redis-bullmq": [
    ["bullmq", "BullMQ"],
    ["ioredis", "ioredis"],
  ],
};

export function top(content: PageContent): HTMLElement {
  const { results } = content;
  const { command, seed } = results.run;
  const sentences = summarize(results);
  const ofTargets = sentences.filter((sentence) =>
    results.targets.some(({ name }) => isAbout(sentence, name)),
  );
  return h(
    "header",
    { class: "top" },
    h("p", { class: "eyebrow" }, `Killproof · ${command}${seed === null ? "" : ` · seed ${seed}`}`),
    h("h1", {}, question),
    h(
      "div",
      { class: "sides" },
      results.targets.map((target) =>
        side(
          content,
          target,
          ofTargets.find((each) => isAbout(each, target.name)),
        ),
      ),
    ),
    sentences.filter((sentence) => !ofTargets.includes(sentence)).map((sentence) => h("p", {}, sentence)),
    commandLine(seed === null ? "The same again" : "The same plan again", commandLineOf(results.run)),
    circumstances(results),
  );
}

function isAbout(sentence: string, target: string): boolean {
  return sentence.startsWith(`${target}:`) || sentence.startsWith(`${target} is`);
}

function side(
  content: PageContent,
  { name, status }: Results["targets"][number],
  sentence: string | undefined,
): HTMLElement {
  const { verdicts } = content.results;
  const violated = verdicts.filter((row) => row.target === name && row.guaranteed && row.verdict === "fail");
  const state = status === "unavailable" ? "unknown" : stateOf(name, content.results);
  return h(
    "section",
    { class: `side ${state}`, style: `--series: ${colourOf(content, name)}`, "aria-label": name },
    h("h2", {}, name),
    h("p", { class: "versions" }, versionsOf(name, content.results)),
    sentence === undefined
      ? null
      : h(
          "p",
          { class: "verdict" },
          h("span", { class: `glyph ${state}`, "aria-hidden": "true" }, glyphOf[state]),
          withoutNames(sentence),
        ),
    h("ul", { class: "guilty" }, violated.map(guilty), failedElsewhere(name, content.results)),
  );
}

/** The sentence without the target, which stands above it, and the invariants, which are listed below. */
function withoutNames(sentence: string): string {
  const rest = sentence.replace(/^[^ ]+?(: | (?=is ))/, "").replace(/(violated|unknown) \([^)]*\)/g, "$1");
  return rest.charAt(0).toUpperCase() + rest.slice(1);
}

const glyphOf = { pass: "✓", fail: "✗", unknown: "?", none: "·" } as const;

/** What failed beside the invariants has a place of its own on the page. */
function failedElsewhere(target: string, { crashMatrix, claims }: Results): readonly HTMLElement[] {
  const failed = (rows: readonly { readonly target: string; readonly verdict: string }[]) =>
    rows.filter((row) => row.target === target && row.verdict === "fail").length;
  const [cells, others] = [failed(crashMatrix), failed(claims)];
  return [
    ...(cells > 0
      ? [
          h(
            "li",
            {},
            h("a", { href: "#crash-matrix" }, `${counted(cells, "cell")} of the crash matrix failed`),
          ),
        ]
      : []),
    ...(others > 0
      ? [
          h(
            "li",
            {},
            h("a", { href: "#claims" }, `${counted(others, "claim")} turned out other than declared`),
          ),
        ]
      : []),
  ];
}

function guilty(row: VerdictRow): HTMLElement {
  const words = `${row.invariant}, ${row.mode}: ${foundIn(row)}`;
  return h("li", {}, h("a", { href: `#${idOfVerdict(row)}` }, `${words}: see the ledger entries`));
}

/** What decides about a target, boiled down: a violation outranks ignorance, and that outranks success. */
function stateOf(target: string, { verdicts, crashMatrix, claims }: Results): keyof typeof glyphOf {
  const decisive = [...verdicts.filter((row) => row.guaranteed), ...crashMatrix, ...claims]
    .filter((row) => row.target === target)
    .map(({ verdict }) => verdict);
  if (decisive.length === 0) return "none";
  if (decisive.includes("fail")) return "fail";
  return decisive.includes("unknown") ? "unknown" : "pass";
}

function versionsOf(target: string, { versions }: Results): string {
  const engines = enginesOf[target.split("@")[0] ?? ""] ?? [];
  const store = versions[`store of ${target}`];
  return [
    ...engines.map(([key, name]) => `${name} ${versions[key] ?? "of unknown version"}`),
    ...(store === null || store === undefined ? [] : [`store: ${store}`]),
  ].join(", ");
}

function circumstances({ run, machine, versions }: Results): HTMLElement {
  const facts: readonly (readonly [name: string, text: string])[] = [
    ["Machine", `${machine.cpu}, ${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, ${machine.os}`],
    [
      "Run",
      `${run.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}, ${seconds(run.wallMs)}, profile ${run.profile}`,
    ],
    ["Seed", run.seed === null ? "nothing is drawn" : String(run.seed)],
    ["Exit code", String(run.exitCode)],
    ["Commit", run.commit?.slice(0, 12) ?? "not known"],
    [
      "Versions",
      Object.entries(versions)
        .filter(([name]) => !name.startsWith("store of "))
        .map(([name, version]) => `${name} ${version ?? "not known"}`)
        .join(", "),
    ],
  ];
  return h(
    "dl",
    { class: "facts" },
    facts.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", {}, text))),
  );
}
