/**
 * How much code a source text is, by the TypeScript parser and scanner and never by regular expressions:
 * the parser tells tokens (templates and regular expressions included) from the gaps between them, and
 * the scanner tells comments from white space in a gap.
 */
import { gzipSync } from "node:zlib";
import ts from "typescript";

export interface SourceCount {
  /** Lines that hold code; the non-blank lines of a template literal are code, whatever language is in it. */
  readonly codeLines: number;
  /** Lines that hold comment text and no code. */
  readonly commentLines: number;
  readonly statements: number;
  /** Size of the source without comments and blank lines, compressed. */
  readonly gzipBytes: number;
}

/** Where something stands in a text: from `start` up to, not including, `end`. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** Counts one TypeScript source text. Pure. */
export function countSource(text: string): SourceCount {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const tokens = tokensOf(source);
  const comments = commentsBetween(tokens, text);
  const codeLines = linesOf(source, tokens);
  const commentLines = linesOf(source, comments);
  return {
    codeLines: codeLines.size,
    commentLines: [...commentLines].filter((line) => !codeLines.has(line)).length,
    statements: statementsIn(source),
    gzipBytes: gzipSync(bareSource(source, comments, codeLines), { level: 9 }).length,
  };
}

/** All tokens in order of place; what stands between them is white space and comments. */
function tokensOf(source: ts.SourceFile): readonly Span[] {
  const tokens: Span[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length > 0) {
      for (const child of children) visit(child);
    } else if (node.getEnd() > node.getStart(source)) {
      tokens.push({ start: node.getStart(source), end: node.getEnd() });
    }
  };
  visit(source);
  return tokens;
}

function commentsBetween(tokens: readonly Span[], text: string): readonly Span[] {
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const comments: Span[] = [];
  let gapStart = 0;
  for (const token of [...tokens, { start: text.length, end: text.length }]) {
    scanner.setText(text, gapStart, token.start - gapStart);
    for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
      if (isComment(kind)) comments.push({ start: scanner.getTokenStart(), end: scanner.getTokenEnd() });
    }
    gapStart = token.end;
  }
  return comments;
}

function isComment(kind: ts.SyntaxKind): boolean {
  return (
    kind === ts.SyntaxKind.SingleLineCommentTrivia ||
    kind === ts.SyntaxKind.MultiLineCommentTrivia ||
    kind === ts.SyntaxKind.ShebangTrivia
  );
}

/** The numbers of the lines on which a span has something that is not blank. */
function linesOf(source: ts.SourceFile, spans: readonly Span[]): Set<number> {
  const lines = new Set<number>();
  for (const { start, end } of spans) {
    const first = source.getLineAndCharacterOfPosition(start).line;
    for (const [offset, part] of source.text.slice(start, end).split(/\r?\n/).entries()) {
      if (part.trim() !== "") lines.add(first + offset);
    }
  }
  return lines;
}

/** Statements and declarations at every depth. A block is not one, nor is an empty statement. */
function statementsIn(source: ts.SourceFile): number {
  let statements = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node) && !ts.isEmptyStatement(node)) statements += 1;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return statements;
}

/** The source with its comments cut out, and only the lines that hold code. */
function bareSource(
  source: ts.SourceFile,
  comments: readonly Span[],
  codeLines: ReadonlySet<number>,
): string {
  let blanked = "";
  let from = 0;
  for (const { start, end } of comments) {
    blanked += source.text.slice(from, start) + source.text.slice(start, end).replace(/[^\r\n]/g, "");
    from = end;
  }
  return (blanked + source.text.slice(from))
    .split(/\r?\n/)
    .filter((_line, number) => codeLines.has(number))
    .map((line) => line.trimEnd())
    .join("\n");
}
