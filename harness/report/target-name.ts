/** The two parts of a target's name, `engine@store`, as results have it. A store's name holds no `@`. Pure. */
export function partsOfTargetName(name: string): { readonly engine: string; readonly store: string } {
  const at = name.lastIndexOf("@");
  return at === -1 ? { engine: name, store: "" } : { engine: name.slice(0, at), store: name.slice(at + 1) };
}
