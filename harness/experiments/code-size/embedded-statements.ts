/**
 * The statements of Lua and of SQL that stand in the strings of a TypeScript source. A string is known by what it says, not by
 * a mark that somebody may forget: Lua calls `redis.call(`, and SQL begins with one of its verbs, in capitals.
 */
import { parse } from "luaparse";
import ts from "typescript";

/** Where a string stands that holds statements, and how many. */
export interface EmbeddedStatements {
  readonly start: number;
  readonly statements: number;
}

const lua = /\bredis\.p?call\(/;
const sql =
  /^\s*(?:(?:ALTER|CALL|COPY|CREATE|DELETE|DO|DROP|GRANT|INSERT|LISTEN|LOCK|MERGE|NOTIFY|SELECT|SET|TRUNCATE|UNLISTEN|UPDATE|WITH)\s+\S|(?:BEGIN|COMMIT|ROLLBACK);?\s*$)/;

/** All strings of a source that hold Lua or SQL, in order. Pure. */
export function embeddedStatementsIn(source: ts.SourceFile): readonly EmbeddedStatements[] {
  const found: EmbeddedStatements[] = [];
  const visit = (node: ts.Node): void => {
    const parts = partsOf(node);
    if (parts !== null) {
      const statements = statementsIn(parts);
      if (statements > 0) found.push({ start: node.getStart(source), statements });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The text of a string between its expressions; null of what is none. */
function partsOf(node: ts.Node): readonly string[] | null {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (!ts.isTemplateExpression(node)) return null;
  return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
}

/** In place of an expression stands what is valid wherever a value is. */
function statementsIn(parts: readonly string[]): number {
  if (parts.some((part) => lua.test(part))) return luaStatements(parts.join("nil"));
  return sql.test(parts[0] ?? "") ? sqlStatements(parts.join("x")) : 0;
}

/** By the parser's tree, as TypeScript's are: at every depth, `do` blocks apart, an `elseif` like an `if`. What is but a piece of a script is one. */
function luaStatements(text: string): number {
  let statements = 0;
  try {
    parse(text, {
      luaVersion: "5.1", // Redis's
      onCreateNode: (node) => {
        const isStatement = node.type.endsWith("Statement") && node.type !== "DoStatement";
        const isNamedFunction = node.type === "FunctionDeclaration" && node.identifier !== null;
        if (isStatement || isNamedFunction || node.type === "ElseifClause") statements += 1;
      },
    });
    return statements;
  } catch {
    return 1;
  }
}

/** What is between semicolons, those in comments and in quotes apart. */
function sqlStatements(text: string): number {
  const bare = text.replace(/'[^']*'|--[^\n]*/g, "");
  return bare.split(";").filter((piece) => piece.trim() !== "").length;
}
