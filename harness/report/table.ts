/** A table before it is drawn: plain, unescaped text that Markdown and the terminal both draw their own way. */
export interface Table {
  readonly title: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What must be known to read it; null where the headers say enough. */
  readonly note: string | null;
  /** Whether every column but the first is that of a target. */
  readonly hasTargetsAcross?: true;
}

/** So many targets stand side by side in a report; more stand one below the other. */
export const mostAcross = 4;

/** A table as a page without room to scroll has it: where there are too many targets for a column each, a target a row. Pure. */
export function fitted(table: Table): Table {
  const [, ...targets] = table.headers;
  if (table.hasTargetsAcross === undefined || targets.length <= mostAcross) return table;
  return {
    title: table.title,
    headers: ["target", ...table.rows.map(([label = ""]) => label)],
    rows: targets.map((target, index) => [target, ...table.rows.map((row) => row[index + 1] ?? "")]),
    note: table.note,
  };
}

/** The first column names the row; all others are figures. */
export function alignmentOf(column: number): "left" | "right" {
  return column === 0 ? "left" : "right";
}
