/** A table before it is drawn: plain, unescaped text that Markdown and the terminal both draw their own way. */
export interface Table {
  readonly title: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What must be known to read it; null where the headers say enough. */
  readonly note: string | null;
}

/** The first column names the row; all others are figures. */
export function alignmentOf(column: number): "left" | "right" {
  return column === 0 ? "left" : "right";
}
