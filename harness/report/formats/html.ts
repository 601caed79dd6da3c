/**
 * `report.html`: the page for people, one file that needs nothing else. Everything that it shows is embedded as JSON,
 * compressed: with a timeline it is ten times as long. The code in `page/` draws it in the browser, and a policy in the page lets
 * nothing else run there.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { HarnessError, messageOf } from "../../errors.ts";
import { repositoryRoot } from "../../repository.ts";
import type { PageContent } from "../page-content.ts";

/**
 * The whole page. `pageModule` is the path of the code that draws it, which is bundled into it.
 * @throws HarnessError when the page's code cannot be bundled.
 */
export async function renderPage(content: PageContent, pageModule: string): Promise<string> {
  const { script, style } = await bundle(pageModule);
  return documentOf(content, script, style);
}

/** Puts the parts together. No text of the content can end its element: it stands there as base64. */
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
<script type="application/gzip" id="content">${gzipSync(JSON.stringify(content)).toString("base64")}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The page's code and style sheet, each as one text that can stand in an element. */
async function bundle(pageModule: string): Promise<{ readonly script: string; readonly style: string }> {
  const { outputFiles } = await build({
    entryPoints: { page: pageModule, style: join(repositoryRoot, "harness/report/page/page.css") },
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
      `The report's page could not be bundled (${messageOf(error).split("\n")[0]}).`,
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
