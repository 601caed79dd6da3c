/**
 * The lifecycle of an implementation as source text in which every line knows the step of the session that it is about,
 * so that a reader finds the same step in each. The steps are found in the syntax tree, never by eye.
 */
import { readFile } from "node:fs/promises";
import ts from "typescript";
import { type Phase, phases } from "../../report/phase.ts";
import { partsOfTargetName } from "../../report/target-name.ts";
import { countedImplementations } from "./count.ts";

export interface LifecycleSource {
  readonly implementation: string;
  /** Path from the repository's root. */
  readonly file: string;
  readonly lines: readonly { readonly text: string; readonly phase: Phase | null }[];
}

/** The names by which the implementations call the shared operations, and wait. */
const phaseOfName: ReadonlyMap<string, Phase> = new Map<string, Phase>([
  ["login", "login"],
  ["recordActivity", "record"],
  ["markIdle", "mark-idle"],
  ["sleep", "wait"],
  ["waitUntil", "wait"],
  ["expire", "expire"],
  ["cleanup", "cleanup"],
]);

/**
 * Reads the text of a lifecycle. A statement, or a case of a switch, that calls one step's operation is about that step,
 * and so is what stands in it; what calls several is looked into. Imports are about none. Pure.
 */
export function lifecycleSource(implementation: string, file: string, text: string): LifecycleSource {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const texts = text.trimEnd().split(/\r?\n/);
  const phaseOfLine: (Phase | null)[] = texts.map(() => null);
  const colour = (node: ts.Node, phase: Phase) => {
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    phaseOfLine.fill(phase, first, last + 1);
  };
  const visit = (node: ts.Node, around: Phase | null): void => {
    if (ts.isImportDeclaration(node)) return;
    const own = ts.isCaseOrDefaultClause(node) ? phaseOfClause(node) : around;
    const isUnit = (ts.isStatement(node) && !ts.isBlock(node)) || ts.isCaseOrDefaultClause(node);
    const called = isUnit ? calledIn(node) : new Set<Phase>();
    const [only] = called;
    const phase = called.size === 1 && only !== undefined ? only : own;
    if (isUnit && phase !== null && called.size <= 1) colour(node, phase);
    else {
      if (ts.isCaseOrDefaultClause(node) && phase !== null) colour(node, phase);
      ts.forEachChild(node, (child) => visit(child, own));
    }
  };
  visit(source, null);
  return {
    implementation,
    file,
    lines: texts.map((line, index) => ({ text: line, phase: phaseOfLine[index] ?? null })),
  };
}

/** The steps whose operations a piece of code calls, or hands to what calls them. */
function calledIn(node: ts.Node): ReadonlySet<Phase> {
  const found = new Set<Phase>();
  const visit = (inner: ts.Node): void => {
    if (ts.isCallExpression(inner)) {
      for (const expression of [inner.expression, ...inner.arguments]) {
        const phase = phaseOfName.get(nameOf(expression));
        if (phase !== undefined) found.add(phase);
      }
    }
    ts.forEachChild(inner, visit);
  };
  visit(node);
  return found;
}

function nameOf(expression: ts.Expression): string {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : "";
}

/** `case "login":` is about login, whatever stands in it. */
function phaseOfClause(clause: ts.CaseOrDefaultClause): Phase | null {
  if (!ts.isCaseClause(clause) || !ts.isStringLiteral(clause.expression)) return null;
  const { text } = clause.expression;
  return phases.find((phase) => phase === text) ?? null;
}

/** The lifecycles of the implementations of some targets, as they are now; one that is not known, or has no such file, has none. */
export async function lifecyclesOf(targets: readonly string[]): Promise<readonly LifecycleSource[]> {
  const names = new Set(targets.map((target) => partsOfTargetName(target).engine));
  const all = countedImplementations();
  const read = [...names]
    .flatMap((name) => all.filter((each) => each.name === name))
    .map(async (each) => {
      const text = await readFile(new URL("lifecycle.ts", each.folder), "utf8").catch(() => null);
      return text === null ? [] : [lifecycleSource(each.name, `${each.path}lifecycle.ts`, text)];
    });
  return (await Promise.all(read)).flat();
}
