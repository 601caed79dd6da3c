/** Which targets the sections of the page compare: a few at first, others where a reader wants them. */
import { ofTargets, targetsThatRan } from "../of-targets.ts";
import type { PageContent } from "../page-content.ts";
import { hardenedOf } from "../target-name.ts";
import { h } from "./element.ts";

/** Without a choice there is nothing to choose from: one or two targets are always shown. */
const fewestToChoose = 3;

/** The part of the content that is about these targets, and what is about none. Pure. */
export function contentOf<Content extends PageContent>(
  content: Content,
  targets: readonly string[],
): Content {
  const { results, decisions, sentences, timeline } = content;
  const isChosen = ({ target }: { readonly target: string | null }) =>
    target === null || targets.includes(hardenedOf(target));
  const { targets: all, ...others } = results;
  return {
    ...content,
    results: { ...ofTargets(others, targets), targets: all },
    decisions: decisions.filter(isChosen),
    sentences: sentences.filter(isChosen),
    timeline:
      timeline === null
        ? null
        : { runs: timeline.runs.filter(isChosen), cases: timeline.cases.filter(isChosen) },
  };
}

/** A box for each target that ran; calls back with those that are chosen, which are never none. Null where there are too few. */
export function choiceOfTargets(
  { results }: PageContent,
  chosenAtFirst: readonly string[],
  onChoice: (targets: readonly string[]) => void,
): HTMLElement | null {
  const names = targetsThatRan(results);
  if (names.length < fewestToChoose) return null;
  const boxes = names.map((name) =>
    h("input", {
      type: "checkbox",
      checked: chosenAtFirst.includes(name),
      onchange: (event) => choose(event),
    }),
  );
  const choose = ({ target }: Event) => {
    if (boxes.every(({ checked }) => !checked) && target instanceof HTMLInputElement) target.checked = true;
    onChoice(names.filter((_, index) => boxes[index]?.checked));
  };
  return h(
    "fieldset",
    { class: "targets" },
    h("legend", {}, "Compared below"),
    names.map((name, index) => h("label", {}, boxes[index] ?? null, h("span", {}, name))),
  );
}

/** Shows every target. */
export function chooseAll(): void {
  for (const box of document.querySelectorAll<HTMLInputElement>(".targets input:not(:checked)")) box.click();
}
