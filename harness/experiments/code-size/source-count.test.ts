import { describe, expect, test } from "vitest";
import { type CountedPart, countSource } from "./source-count.ts";

/** Of a source that is all about the same. */
function counted(text: string): CountedPart {
  const [part, ...others] = countSource(text);
  if (part === undefined || others.length > 0) throw new Error(`${1 + others.length} parts`);
  return part;
}

describe("countSource, of what is all about the same", () => {
  test("tells code, comments and blank lines apart", () => {
    const source = [
      "#!/usr/bin/env node",
      "/**",
      " * What it knows.",
      "",
      " */",
      "const a = 1; // a line with both is code",
      "",
      "// a comment",
      "/* before */ const b = 2;",
    ].join("\n");
    expect(counted(source)).toMatchObject({ codeLines: 2, commentLines: 5, statements: 2 });
  });

  test("takes no string, template or regular expression for a comment", () => {
    const source = [
      'const url = "http://a /* b */";',
      "const path = `// ${url /* inner */} // */`;",
      "const pattern = /[/*]\\/\\//;",
    ].join("\n");
    expect(counted(source)).toMatchObject({ codeLines: 3, commentLines: 0, statements: 3 });
  });

  test("counts the non-blank lines of a template literal, Lua comments included, as code", () => {
    const source = ["const lua = `", "  -- once", "", "  return redis.call('GET', ${key(`a`)})", "`;"].join(
      "\n",
    );
    expect(counted(source)).toMatchObject({ codeLines: 4, commentLines: 0, statements: 2 });
  });

  test("counts a comment inside a template's expression", () => {
    const source = ["const a = `${", "  // why", "  1", "}`;"].join("\n");
    expect(counted(source)).toMatchObject({ codeLines: 3, commentLines: 1 });
  });

  test("counts statements at every depth, but neither blocks nor empty statements", () => {
    const source = "function f() { if (a) { return 1; } ; for (;;) { break; } } class C { m() { f(); } }";
    expect(counted(source).statements).toBe(7);
  });

  test("reads carriage returns as line ends", () => {
    expect(counted("// a\r\n\r\nf();\r\n")).toMatchObject({ codeLines: 1, commentLines: 1 });
  });

  test("an empty source counts nothing", () => {
    expect(counted("")).toMatchObject({ codeLines: 0, commentLines: 0, statements: 0 });
  });

  test("comments and blank lines do not change the compressed size", () => {
    const bare = "const a = 1;\nconst b = `\n  x`;";
    const commented = "/** Why. */\n\nconst a = 1; // so\n\n// more\nconst b = `\n  x`;\n";
    expect(counted(commented).gzipBytes).toBe(counted(bare).gzipBytes);
  });
});

describe("countSource, by region", () => {
  const sizesOf = (text: string) =>
    countSource(text).map(({ concern, codeLines, commentLines, statements }) => [
      concern,
      codeLines,
      commentLines,
      statements,
    ]);

  test("a comment names the concern of what follows it, and the first one that of what stands before it too", () => {
    const source = [
      "/** What it knows. */",
      "// concern: wiring",
      "f();",
      "function g() {",
      "  // concern: timer",
      "  // Why.",
      "  sleep();",
      "  // concern: wiring",
      "}",
    ].join("\n");
    expect(sizesOf(source)).toEqual([
      ["wiring", 3, 1, 2],
      ["timer", 1, 1, 1],
    ]);
  });

  test("what stands under no such comment is of another concern than all others", () => {
    expect(sizesOf("// A concern: timer\nf();")).toEqual([["other", 1, 1, 1]]);
  });

  test("a work-around says for what version", () => {
    const [part] = countSource("// concern: work-around for a/b 1.2.3\nf();");
    expect(part).toMatchObject({ concern: "work-arounds", workAroundFor: "a/b 1.2.3" });
  });

  test("what counts where a name is used is a statement, or one parameter", () => {
    const source = [
      "// concern: steps",
      "// counts where used: all",
      "/** All. */",
      "export function all() {",
      "  return 1;",
      "}",
      "function f(",
      "  a: string,",
      "  // counts where used: fence",
      "  fence = 0,",
      ") {}",
    ].join("\n");
    const parts = countSource(source).map(({ usedAs, codeLines, commentLines, statements }) => [
      usedAs,
      codeLines,
      commentLines,
      statements,
    ]);
    expect(parts).toEqual([
      [null, 3, 0, 1],
      ["all", 3, 1, 2],
      ["fence", 1, 0, 0],
    ]);
  });

  test("the compressed size is shared out, and is that of the whole, however many regions there are", () => {
    const lines = ["const a = 1;", "const b = 2;", "const c = `a longer one`;"];
    const marked = lines.map((line, index) => `// concern: ${index}\n${line}`).join("\n");
    const sum = countSource(marked).reduce((bytes, { gzipBytes }) => bytes + gzipBytes, 0);
    expect(sum).toBe(counted(lines.join("\n")).gzipBytes);
  });
});
