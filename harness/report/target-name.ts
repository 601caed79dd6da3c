/** The two parts of a target's name, `engine@store`, as results have it. A store's name holds no `@`. Pure. */
export function partsOfTargetName(name: string): { readonly engine: string; readonly store: string } {
  const at = name.lastIndexOf("@");
  return at === -1 ? { engine: name, store: "" } : { engine: name.slice(0, at), store: name.slice(at + 1) };
}

const book = "-by-the-book";

/** The engine as its documentation would have one use it, by the name of the engine. Pure. */
export function byTheBook(engine: string): string {
  return engine + book;
}

/** Whether a target is an engine by the book: nothing is promised there, and nothing that is found decides. Pure. */
export function isByTheBook(target: string): boolean {
  return partsOfTargetName(target).engine.endsWith(book);
}

/** The hardened target that a target by the book stands beside. Pure. */
export function hardenedOf(target: string): string {
  return target.replace(`${book}@`, "@");
}

/** The name of a target of which something is tuned. Pure. */
export function tuned(target: string, what: string): string {
  return `${target}, ${what}`;
}

/** The target as it is, by its own name or by one that says what is tuned of it. Pure. */
export function untunedOf(target: string): string {
  return target.split(", ", 1)[0] ?? target;
}

/** The engine of an implementation, by the implementation's name, which by the book is another. Pure. */
export function engineBehind(implementation: string): string {
  return implementation.endsWith(book) ? implementation.slice(0, -book.length) : implementation;
}
