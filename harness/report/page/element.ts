/**
 * Builds the page's elements. Text goes in as text and never as HTML, so that nothing that came from a session can be
 * more than what it says.
 */
import { printable } from "../printable.ts";

export type Child = Node | string | number | null | readonly Child[];
type Listener = (event: Event) => void;
export type Attributes = Readonly<Record<string, string | number | boolean | null | Listener>>;

/** An element with attributes (false and null: none; a function under `onclick` and its like: a listener) and children. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice("on".length), value);
    else if (value !== null && value !== false)
      element.setAttribute(name, value === true ? "" : String(value));
  }
  append(element, children);
  return element;
}

/** Appends children; text loses its control and bidirectional characters, as in every other form of the report. */
export function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null) continue;
    if (child instanceof Node) parent.append(child);
    else if (typeof child === "object") append(parent, child);
    else parent.append(printable(String(child)));
  }
}
