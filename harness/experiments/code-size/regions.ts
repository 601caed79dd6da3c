/**
 * What the comments in a source say of its lines. `// concern: timer` opens a region that lasts until the next such
 * comment or the end of the file; what stands before the first one belongs to it too. `// counts where used: stepsOf`, before a
 * statement or a parameter, says that this counts only for those whose code has that name.
 */
import ts from "typescript";
import { other, workArounds } from "./concerns.ts";

/** Where something stands in a text: from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What a line is about. */
export interface Region {
  readonly concern: string;
  /** The package and version whose defect it works around, where that is its concern. */
  readonly workAroundFor: string | null;
  /** The name by which an implementation uses it, where it counts for those only that do. */
  readonly usedAs: string | null;
}

const opening = /^\/\/ concern: (\S.*)$/;
const workAround = /^work-around for (\S.*)$/;
const condition = /^\/\/ counts where used: (\w+)$/;

/** Whether a comment is one of those that are read here: it says nothing about the code, and is not counted. Pure. */
export function isMarker(comment: string): boolean {
  return opening.test(comment) || condition.test(comment);
}

/** The region of each line of a source, by the line's index. Pure. */
export function regionsOf(source: ts.SourceFile, comments: readonly Span[]): readonly Region[] {
  const named = new Map<number, Region>();
  for (const { start, end } of comments) {
    const [, concern] = opening.exec(source.text.slice(start, end)) ?? [];
    if (concern !== undefined) named.set(lineOf(source, start), regionNamed(concern));
  }
  let current = named.values().next().value ?? regionNamed(other);
  const regions = source.getLineStarts().map((_start, line) => {
    current = named.get(line) ?? current;
    return current;
  });
  for (const { name, first, last } of conditionsIn(source)) {
    for (let line = first; line <= last; line += 1)
      regions[line] = { ...(regions[line] ?? current), usedAs: name };
  }
  return regions;
}

function lineOf(source: ts.SourceFile, place: number): number {
  return source.getLineAndCharacterOfPosition(place).line;
}

function regionNamed(concern: string): Region {
  const [, version] = workAround.exec(concern) ?? [];
  return version === undefined
    ? { concern, workAroundFor: null, usedAs: null }
    : { concern: workArounds, workAroundFor: version, usedAs: null };
}

/** The lines, from the comment to the end of what it stands before, that count where a name is used. */
function conditionsIn(source: ts.SourceFile) {
  const found: { readonly name: string; readonly first: number; readonly last: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStatement(node) || ts.isParameter(node)) {
      for (const { pos, end } of ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? []) {
        const [, name] = condition.exec(source.text.slice(pos, end)) ?? [];
        if (name === undefined) continue;
        found.push({ name, first: lineOf(source, pos), last: lineOf(source, node.getEnd()) });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
