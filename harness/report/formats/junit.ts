/** `junit.xml`: what a CI server shows of a run, and keeps. */
import exported, { type Builder, type TestCase } from "junit-report-builder";
import { type JunitCase, junitCasesOf } from "../junit-cases.ts";
import { printable } from "../printable.ts";
import type { Results } from "../results-schema.ts";

// The package's types promise a `default` that its CommonJS file does not have (5.1.2).
const builder = exported as unknown as Builder;

/** The whole file. Pure. Text that came from a session is escaped. */
export function renderJunit(results: Results): string {
  const { command, seed, startedAt, commit } = results.run;
  const report = builder.newBuilder().name(xmlText(`killproof ${command}`));
  for (const [suite, cases] of Map.groupBy(junitCasesOf(results), (each) => each.suite)) {
    const drawn = report.testSuite().name(xmlText(suite)).timestamp(startedAt);
    drawn.property("seed", xmlText(String(seed ?? "none")));
    drawn.property("commit", xmlText(commit ?? "not known"));
    for (const [name, version] of Object.entries(results.versions)) {
      drawn.property(xmlText(name), xmlText(version ?? "not known"));
    }
    for (const each of cases) draw(each, drawn.testCase());
  }
  return `${report.build()}\n`;
}

function draw({ suite, name, outcome, found, proof }: JunitCase, drawn: TestCase): void {
  drawn.className(xmlText(suite)).name(xmlText(name));
  const message = xmlText(found);
  const content = [message, ...proof.map(xmlText)].join("\n");
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
