import { describe, expect, test } from "vitest";
import { countSource } from "./source-count.ts";

describe("countSource", () => {
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
    expect(countSource(source)).toMatchObject({ codeLines: 2, commentLines: 5, statements: 2 });
  });

  test("takes no string, template or regular expression for a comment", () => {
    const source = [
      'const url = "http://a /* b */";',
      "const path = `// ${url /* inner */} // */`;",
      "const pattern = /[/*]\\/\\//;",
    ].join("\n");
    expect(countSource(source)).toMatchObject({ codeLines: 3, commentLines: 0, statements: 3 });
  });

  test("counts the non-blank lines of a template literal, Lua comments included, as code", () => {
    const source = ["const lua = `", "  -- once", "", "  return redis.call('GET', ${key(`a`)})", "`;"].join(
      "\n",
    );
    expect(countSource(source)).toMatchObject({ codeLines: 4, commentLines: 0, statements: 1 });
  });

  test("counts a comment inside a template's expression", () => {
    const source = ["const a = `${", "  // why", "  1", "}`;"].join("\n");
    expect(countSource(source)).toMatchObject({ codeLines: 3, commentLines: 1 });
  });

  test("counts statements at every depth, but neither blocks nor empty statements", () => {
    const source = "function f() { if (a) { return 1; } ; for (;;) { break; } } class C { m() { f(); } }";
    expect(countSource(source).statements).toBe(7);
  });

  test("reads carriage returns as line ends", () => {
    expect(countSource("// a\r\n\r\nf();\r\n")).toMatchObject({ codeLines: 1, commentLines: 1 });
  });

  test("an empty source counts nothing", () => {
    expect(countSource("")).toMatchObject({ codeLines: 0, commentLines: 0, statements: 0 });
  });

  test("comments and blank lines do not change the compressed size", () => {
    const bare = "const a = 1;\nconst b = `\n  x`;";
    const commented = "/** Why. */\n\nconst a = 1; // so\n\n// more\nconst b = `\n  x`;\n";
    expect(countSource(commented).gzipBytes).toBe(countSource(bare).gzipBytes);
  });
});
