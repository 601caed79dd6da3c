/** `junit.xml`: what a CI server shows of a run, and keeps. */
import exported, { type Builder, type TestCase } from "junit-report-builder";
import type { VerdictValue } from "../../checks/verdict.ts";
import { commandLineOf } from "../command-line.ts";
import { type Decision, targetsNotJudged } from "../decision.ts";
import { milliseconds } from "../numbers.ts";
import { printable } from "../printable.ts";
import type { Report } from "../report.ts";

// The package's types promise a `default` that its CommonJS file does not have (5.1.2).
const builder = exported as unknown as Builder;

type Judged = Pick<Report, "facts" | "targets" | "decisions" | "judgesTargets">;

/** What a CI server counts; what is measured without a guarantee is no case, since it can neither pass nor fail. */
interface Case extends Pick<Decision, "suite" | "name" | "found" | "evidence"> {
  readonly outcome: "passed" | "failed" | "error" | "skipped";
}

/** The whole file: a case has failed where the exit code is 1, and has an error, and none failed, where it is 2. Pure. Text that came from a session is escaped. */
export function renderJunit(report: Judged): string {
  const { run, versions } = report.facts;
  const drawn = builder.newBuilder().name(xmlText(`killproof ${run.command}`));
  const again = `The same again: ${commandLineOf(run)}`;
  const cases = [...targetCases(report), ...report.decisions.map(caseOf)];
  for (const [name, own] of Map.groupBy(cases, ({ suite }) => suite)) {
    const suite = drawn.testSuite().name(xmlText(name)).timestamp(run.startedAt);
    suite.property("seed", xmlText(String(run.seed ?? "none")));
    if (run.leaseMs != null) suite.property("lease", milliseconds(run.leaseMs));
    suite.property("commit", xmlText(run.commit ?? "not known"));
    for (const [what, version] of Object.entries(versions))
      suite.property(xmlText(what), xmlText(version ?? "not known"));
    for (const each of own) draw(each, suite.testCase(), again);
  }
  return `${drawn.build()}\n`;
}

/** A target that was not judged decides too. */
function targetCases(report: Judged): readonly Case[] {
  const notJudged = targetsNotJudged(report);
  return report.targets.map(({ name, status, reason }) => {
    const place = { suite: "targets", name, evidence: [] };
    if (status === "unavailable") return { ...place, outcome: "error", found: `unavailable: ${reason}` };
    return notJudged.includes(name)
      ? { ...place, outcome: "error", found: "nothing was judged of it" }
      : { ...place, outcome: "passed", found: "" };
  });
}

const outcomes = { pass: "passed", fail: "failed", unknown: "error" } as const satisfies Record<
  VerdictValue,
  Case["outcome"]
>;

function caseOf({ verdict, unknownDecides, ...shown }: Decision): Case {
  return { ...shown, outcome: verdict === "unknown" && !unknownDecides ? "skipped" : outcomes[verdict] };
}

function draw({ suite, name, outcome, found, evidence }: Case, drawn: TestCase, again: string): void {
  drawn.className(xmlText(suite)).name(xmlText(name));
  const message = xmlText(found);
  const content = [found, ...evidence, again].map(xmlText).join("\n");
  if (outcome === "failed") drawn.failure(message, "violated").stacktrace(content);
  if (outcome === "error") drawn.error(message, "unknown", content);
  if (outcome === "skipped") drawn.skipped().standardOutput(content); // the library writes no reason into <skipped>
}

/**
 * One line for an attribute or a CDATA section; the builder escapes the former. Of several ends of a CDATA section
 * in one text it disarms only the first (xmlbuilder 15), so none reaches it.
 */
function xmlText(text: string): string {
  return printable(text).replaceAll("]]>", "]] >");
}
