/**
 * How much code a source text is, by the TypeScript parser and scanner and never by regular expressions:
 * the parser tells tokens (templates and regular expressions included) from the gaps between them, and
 * the scanner tells comments from white space in a gap.
 */
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { embeddedStatementsIn } from "./embedded-statements.ts";
import { isMarker, type Region, regionsOf, type Span } from "./regions.ts";

export interface SourceCount {
  /** Lines that hold code; the non-blank lines of a template literal are code, whatever language is in it. */
  readonly codeLines: number;
  /** Lines that hold comment text and no code. */
  readonly commentLines: number;
  /** Of TypeScript, and of the Lua and SQL in its strings, each on the line where it begins. */
  readonly statements: number;
  /** Size of the source without comments and blank lines, compressed; of a part, its share by length. */
  readonly gzipBytes: number;
}

/** All lines of a source that are about the same. */
export interface CountedPart extends Region, SourceCount {}

/** Counts one TypeScript source text, by what its lines are about, in the order in which they come to it. Pure. */
export function countSource(text: string): readonly CountedPart[] {
  const source = ts.createSourceFile("source.ts", text, ts.ScriptTarget.Latest, true);
  const tokens = tokensOf(source);
  const comments = commentsBetween(tokens, text);
  const codeLines = linesOf(source, tokens);
  const prose = comments.filter(({ start, end }) => !isMarker(text.slice(start, end)));
  const commentLines = [...linesOf(source, prose)].filter((line) => !codeLines.has(line));
  const statementLines = linesOfStatements(source);
  const bare = bareSource(source, comments, codeLines);
  const gzipBytes = gzipSync([...bare.values()].join("\n"), { level: 9 }).length;
  const regions = linesByRegion(regionsOf(source, comments));
  const lengths = regions.map(({ lines }) =>
    [...bare].reduce((sum, [line, text]) => sum + (lines.has(line) ? text.length + 1 : 0), 0),
  );
  const shares = sharedOut(gzipBytes, lengths);
  return regions.map(({ region, lines }, index) => {
    const among = (places: Iterable<number>) => [...places].filter((line) => lines.has(line)).length;
    return {
      ...region,
      codeLines: among(codeLines),
      commentLines: among(commentLines),
      statements: among(statementLines),
      gzipBytes: shares[index] ?? 0,
    };
  });
}

/** The numbers of the lines of each region; what has the same concern in several places is one. */
function linesByRegion(regions: readonly Region[]) {
  const found = new Map<string, { readonly region: Region; readonly lines: Set<number> }>();
  for (const [line, region] of regions.entries()) {
    const key = JSON.stringify(region);
    const { lines } = found.get(key) ?? { lines: new Set() };
    found.set(key, { region, lines: lines.add(line) });
  }
  return [...found.values()];
}

/** A size in whole numbers that add up to it, by lengths. */
function sharedOut(size: number, lengths: readonly number[]): readonly number[] {
  const whole = lengths.reduce((sum, length) => sum + length, 0);
  let before = 0;
  return lengths.map((length) => {
    if (whole === 0) return 0;
    const from = Math.round((size * before) / whole);
    before += length;
    return Math.round((size * before) / whole) - from;
  });
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

/** For each statement the number of the line on which it begins: of TypeScript at every depth, blocks and empty ones apart, and of what stands in strings. */
function linesOfStatements(source: ts.SourceFile): readonly number[] {
  const lineOf = (place: number) => source.getLineAndCharacterOfPosition(place).line;
  const lines = embeddedStatementsIn(source).flatMap(({ start, statements }) =>
    Array<number>(statements).fill(lineOf(start)),
  );
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) && !ts.isBlock(node) && !ts.isEmptyStatement(node))
      lines.push(lineOf(node.getStart(source)));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

/** The lines that hold code, by their numbers, without their comments. */
function bareSource(
  source: ts.SourceFile,
  comments: readonly Span[],
  codeLines: ReadonlySet<number>,
): ReadonlyMap<number, string> {
  let blanked = "";
  let from = 0;
  for (const { start, end } of comments) {
    blanked += source.text.slice(from, start) + source.text.slice(start, end).replace(/[^\r\n]/g, "");
    from = end;
  }
  const lines = (blanked + source.text.slice(from)).split(/\r?\n/).entries();
  return new Map(
    [...lines].filter(([line]) => codeLines.has(line)).map(([line, text]) => [line, text.trimEnd()]),
  );
}
