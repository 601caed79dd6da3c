/** One place of the real code that a broken variant changes. */

export interface Edit {
  /** From the engine's folder; of a variant of the harness, from the repository's root. */
  readonly file: string;
  /** What stands there; it must occur exactly once. */
  readonly replace: string;
  readonly by: string;
}

export function edit(file: string, replace: string, by: string): Edit {
  return { file, replace, by };
}
