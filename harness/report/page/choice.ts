/** A choice of one among a few, as buttons of which one is pressed in. */
import { anchorOf, h } from "./element.ts";

interface Option<Value> {
  readonly name: string;
  readonly value: Value;
}

/** The first option is chosen at first; `onChoice` is called for every other choice. */
export function choice<Value>(
  label: string,
  options: readonly Option<Value>[],
  onChoice: (value: Value) => void,
): HTMLElement {
  return h(
    "fieldset",
    { class: "choice" },
    h("legend", { class: "unseen" }, label),
    options.map(({ name, value }, index) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: anchorOf("choice", label),
          checked: index === 0,
          onchange: () => onChoice(value),
        }),
        h("span", {}, name),
      ),
    ),
  );
}
