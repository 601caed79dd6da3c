/** The pages that people read: links and anchors lead somewhere, and the front page stays one that takes two minutes. */
import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import GithubSlugger from "github-slugger";
import { describe, expect, test } from "vitest";
import { root } from "./reference-pages.ts";

const pages = globSync(["*.md", "{docs,harness,implementations,results}/**/*.md"], { cwd: root }).filter(
  (page) =>
    !page.startsWith("results/runs") && !page.endsWith("report.md") && !page.includes("node_modules/"),
);

/** A number as it stands in a text or a cell. */
const figure = /\d+(?:[.,]\d+)*/g;

const read = (page: string) => readFileSync(join(root, page), "utf8");

/** A page without what stands in fences, where nothing is a link, a heading or prose. */
const withoutFences = (text: string) => text.replaceAll(/^```[\s\S]*?^```$/gm, "");

/** The ids that GitHub gives to a page's headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const headings = withoutFences(text).matchAll(/^#{1,6} +(.+)$/gm);
  return new Set([...headings].map(([, heading = ""]) => slugger.slug(heading.replaceAll(/[`*]/g, ""))));
}

/** What links and pictures of a page point at, but other sites. */
function targetsIn(text: string): readonly string[] {
  const links = withoutFences(text).matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));
}

test.each(pages)("every link of %s leads to a file that is there, and to a heading of it", (page) => {
  for (const target of targetsIn(read(page))) {
    const [file = "", anchor] = target.split("#");
    const path = file === "" ? page : relative(root, join(root, dirname(page), file));
    expect(existsSync(join(root, path)), target).toBe(true);
    if (anchor === undefined) continue;
    expect(statSync(join(root, path)).isFile(), target).toBe(true);
    expect([...anchorsOf(read(path))], target).toContain(anchor);
  }
});

describe("the front page", () => {
  const text = read("README.md");

  test("has 900 words at the most, those of its tables included", () => {
    expect(text.trim().split(/\s+/).length).toBeLessThanOrEqual(900); // as `wc -w` counts, marks of tables included
  });

  test("states no figure in its answer that the tables of the published run do not have", () => {
    const answer = text.slice(text.indexOf("## The answer"), text.indexOf("<!-- reference:"));
    const tables = [text, read("docs/results.md")].join("\n").match(/^\|.*\|$/gm) ?? [];
    const published = new Set(tables.flatMap((line) => line.match(figure) ?? []));
    const stated =
      withoutFences(answer)
        .replaceAll(/\]\([^)]*\)/g, "]")
        .match(figure) ?? [];
    expect(stated.filter((each) => !published.has(each))).toEqual([]);
  });

  test("has three tables at the most", () => {
    expect(text.match(/^\| ?:?-+/gm)?.length).toBeLessThanOrEqual(3);
  });
});
