/**
 * `report.html`: the page for people, one file that needs nothing else. Everything that it shows is embedded as JSON;
 * the code in `page/` draws it in the browser, and a policy in the page lets nothing else run there.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { invariants } from "../../checks/invariants.ts";
import { HarnessError } from "../../errors.ts";
import { type LifecycleSource, lifecycleSource } from "../../experiments/code-size/lifecycle-source.ts";
import { repositoryRoot } from "../../repository.ts";
import { type Results, resultsSchema } from "../results-schema.ts";
import { type Timeline, timelineSchema } from "../timeline/timeline-schema.ts";

/** What is embedded in the page. */
export interface PageContent {
  readonly results: Results;
  /** Null where the run's history was not at hand. */
  readonly timeline: Timeline | null;
  readonly lifecycles: readonly LifecycleSource[];
  /** The sentence that each invariant puts to the test. */
  readonly sentences: Readonly<Record<string, string>>;
}

/**
 * The whole page. The two lifecycles are read from this checkout.
 * @throws HarnessError when the page's code cannot be bundled.
 */
export async function renderHtml(results: Results, timeline: Timeline | null): Promise<string> {
  const content: PageContent = {
    results: resultsSchema.parse(results),
    timeline: timelineSchema.nullable().parse(timeline),
    lifecycles: await lifecyclesOf(results),
    sentences: Object.fromEntries(invariants.map(({ id, sentence }) => [id, sentence])),
  };
  const { script, style } = await bundle();
  return documentOf(content, script, style);
}

/** Puts the parts together. No text of the content can end its element: every `<` of it is escaped. */
function documentOf(content: PageContent, script: string, style: string): string {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "style-src 'unsafe-inline'", // the charts bring their own
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Killproof</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript>This page draws its tables and charts with JavaScript. report.md says the same without it.</noscript>
<script type="application/json" id="content">${JSON.stringify(content).replaceAll("<", "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The page's code and style sheet, each as one text that can stand in an element. */
async function bundle(): Promise<{ readonly script: string; readonly style: string }> {
  const { outputFiles } = await build({
    entryPoints: ["page.ts", "page.css"].map((file) => join(repositoryRoot, "harness/report/page", file)),
    outdir: "page",
    bundle: true,
    write: false,
    minify: true,
    format: "iife",
    platform: "browser",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
    absWorkingDir: repositoryRoot,
  }).catch((error: unknown) => {
    throw new HarnessError(
      `The report's page could not be bundled (${error instanceof Error ? error.message.split("\n")[0] : error}).`,
      "Run npm run setup, which brings esbuild for this machine; results.json and report.md are whole.",
      { cause: error },
    );
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim() ?? "";
  const [script, style] = [textOf(".js"), textOf(".css")];
  if (/<\/(script|style)|<!--/i.test(script + style))
    throw new HarnessError(
      "The report's page holds text that would end its own script.",
      "This is a defect of Killproof: please report it.",
    );
  return { script, style };
}

/** The lifecycles of the implementations that ran; one that has no such file has none. */
async function lifecyclesOf({ targets }: Results): Promise<readonly LifecycleSource[]> {
  const implementations = [...new Set(targets.map(({ name }) => name.split("@")[0] ?? name))];
  const read = implementations.map(async (implementation) => {
    if (!/^[\w-]+$/.test(implementation)) return [];
    const file = `implementations/${implementation}/lifecycle.ts`;
    const text = await readFile(join(repositoryRoot, file), "utf8").catch(() => null);
    return text === null ? [] : [lifecycleSource(implementation, file, text)];
  });
  return (await Promise.all(read)).flat();
}
