/** A choice of one among a few, as buttons of which one is pressed in. */

import { anchorOf } from "../anchor.ts";
import { h } from "./element.ts";

interface Option<Value> {
  readonly name: string;
  readonly value: Value;
}

/** `chosen` is pressed in at first; `onChoice` is called for every other choice. */
export function choice<Value>(
  label: string,
  options: readonly Option<Value>[],
  chosen: Value,
  onChoice: (value: Value) => void,
): HTMLElement {
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", { class: "unseen" }, label),
    options.map(({ name, value }) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: anchorOf("choice", label),
          checked: value === chosen,
          onchange: () => onChoice(value),
        }),
        h("span", {}, name),
      ),
    ),
  );
}
