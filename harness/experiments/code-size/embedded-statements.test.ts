import ts from "typescript";
import { describe, expect, test } from "vitest";
import { embeddedStatementsIn } from "./embedded-statements.ts";

function statementsIn(text: string): readonly number[] {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  return embeddedStatementsIn(source).map(({ statements }) => statements);
}

describe("the statements of Lua", () => {
  test("count at every depth, but neither blocks nor what ends them", () => {
    const lua = [
      "local row = redis.call('HMGET', KEYS[1], 'step')",
      "if not row[1] then return 'gone'",
      "elseif row[1] == 'done' then do row[1] = nil end end",
      "for i = 1, 2 do redis.call('INCR', KEYS[i]) end",
      "return row",
    ].join("\n");
    expect(statementsIn(`const script = \`${lua}\`;`)).toEqual([8]);
  });

  test("of a part count where it is written, and not where it is put in", () => {
    const source =
      "const now = `(function() local time = redis.call('TIME'); return time[1] end)()`;" +
      "const script = `return { redis.call('GET', KEYS[1]), ${now} }`;";
    expect(statementsIn(source)).toEqual([3, 1]);
  });

  test("a piece that is no script by itself is one", () => {
    expect(statementsIn("const open = `if redis.call('GET', KEYS[1]) then`;")).toEqual([1]);
  });
});

describe("the statements of SQL", () => {
  test("are what stands between semicolons", () => {
    expect(statementsIn(`const schema = "CREATE TABLE a (b text); CREATE INDEX c ON a (b);";`)).toEqual([2]);
  });

  test("semicolons in quotes and in comments part nothing", () => {
    const sql = ["SELECT ';' FROM a -- neither; here", "WHERE b = ${c}"].join("\n");
    expect(statementsIn(`query(\`${sql}\`);`)).toEqual([1]);
  });

  test("a verb alone is one where SQL has it so", () => {
    expect(statementsIn(`query("BEGIN"); query("COMMIT");`)).toEqual([1, 1]);
  });
});

test("other strings hold no statements", () => {
  const source = `import a from "redis"; f("SET", "Update it.", "WITHOUT", \`SELECT\`, 'with a word; or two');`;
  expect(statementsIn(source)).toEqual([]);
});
