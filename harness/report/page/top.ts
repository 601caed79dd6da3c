/** The top of the page: the question, a verdict in one sentence per target, and how to see it for oneself. */
import { commandLineOf } from "../command-line.ts";
import { counted, gibibytes, glyphs, milliseconds, seconds } from "../numbers.ts";
import type { PageContent, ShownDecision } from "../page-content.ts";
import type { RunFacts } from "../run-facts.ts";
import { partsOfTargetName } from "../target-name.ts";
import { commandLine } from "./copy.ts";
import { h } from "./element.ts";
import { colourOf } from "./page-view.ts";

const question =
  "Can durable execution replace the session table, the timer job and the idempotency keys, and what is given up for it?";

export function top(content: PageContent): HTMLElement {
  const { results, sentences } = content;
  const { command, seed } = results.run;
  return h(
    "header",
    { class: "top" },
    h("p", { class: "eyebrow" }, `Killproof · ${command}${seed === null ? "" : ` · seed ${seed}`}`),
    h("h1", {}, question),
    h(
      "div",
      { class: "target-list" },
      results.targets.map((target) => sectionOf(content, target)),
    ),
    sentences.filter(({ target }) => target === null).map(({ text }) => h("p", {}, text)),
    commandLine(seed === null ? "The same again" : "The same plan again", commandLineOf(results.run)),
    circumstances(results),
  );
}

function sectionOf(content: PageContent, { name, status }: RunFacts["targets"][number]): HTMLElement {
  const { sentences, decisions } = content;
  const own = decisions.filter(({ target }) => target === name);
  const state = status === "unavailable" ? "unknown" : stateOf(own);
  const sentence = sentences.find(({ target }) => target === name);
  return h(
    "section",
    { class: `target ${state}`, style: `--series: ${colourOf(content, name)}`, "aria-label": name },
    h("h2", {}, name),
    h("p", { class: "versions" }, versionsOf(name, content)),
    sentence === undefined
      ? null
      : h(
          "p",
          { class: "verdict" },
          h(
            "span",
            { class: `glyph ${state}`, "aria-hidden": "true" },
            state === "none" ? "·" : glyphs[state],
          ),
          withoutNames(sentence.text, name),
        ),
    h("ul", { class: "guilty" }, failedOf(own)),
  );
}

/** The sentence without the target, which stands above it, and the invariants, which are listed below. */
function withoutNames(sentence: string, target: string): string {
  const rest = sentence.slice(target.length).replace(/^: |^ (?=is )/, "");
  const short = rest.replace(/(violated|unknown) \([^)]*\)/g, "$1");
  return short.charAt(0).toUpperCase() + short.slice(1);
}

/** What failed, each with a link to where it is shown; several that one place shows are counted. */
function failedOf(own: readonly ShownDecision[]): readonly HTMLElement[] {
  const failed = own.filter(({ verdict }) => verdict === "fail");
  return [...Map.groupBy(failed, ({ anchor }) => anchor)].map(([anchor, decisions]) => {
    const [first, ...others] = decisions;
    const words =
      others.length > 0
        ? `${counted(decisions.length, "failure")} of ${first?.suite}`
        : `${first?.name}: ${first?.found}: see the evidence`;
    return h("li", {}, h("a", { href: `#${anchor}` }, words));
  });
}

/** What decides about a target, boiled down: a violation outranks ignorance, and that outranks success. */
function stateOf(own: readonly ShownDecision[]): "pass" | "fail" | "unknown" | "none" {
  const verdicts = new Set(own.map(({ verdict }) => verdict));
  if (verdicts.size === 0) return "none";
  if (verdicts.has("fail")) return "fail";
  return verdicts.has("unknown") ? "unknown" : "pass";
}

/** What a target ran on: the packages of its engine, and its store. */
function versionsOf(target: string, { results, packages }: PageContent): string {
  const { versions } = results;
  const engine = packages[partsOfTargetName(target).engine] ?? {};
  const store = versions[`store of ${target}`];
  return [
    ...Object.entries(engine).map(([key, name]) => `${name} ${versions[key] ?? "of unknown version"}`),
    ...(store === null || store === undefined ? [] : [`store: ${store}`]),
  ].join(", ");
}

function circumstances({ run, machine, versions }: RunFacts): HTMLElement {
  const facts: readonly (readonly [name: string, text: string])[] = [
    ["Machine", `${machine.cpu}, ${machine.cores} cores, ${gibibytes(machine.memoryBytes)}, ${machine.os}`],
    [
      "Run",
      `${run.startedAt.replace("T", " ").replace(/\.\d+Z$/, " UTC")}, ${seconds(run.wallMs)}, profile ${run.profile}`,
    ],
    ["Seed", run.seed === null ? "nothing is drawn" : String(run.seed)],
    ...(run.leaseMs == null
      ? []
      : [["Lease", `${milliseconds(run.leaseMs)}: ${run.leaseReason ?? "no reason was recorded"}`] as const]),
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
