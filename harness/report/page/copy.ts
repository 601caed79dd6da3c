/** Buttons that put text onto the clipboard. */
import { h } from "./element.ts";

/** `label` is the button's; `what` says to a screen reader what is copied. */
export function copyButton(label: string, what: string, textOf: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "copy", "aria-label": `${label}: ${what}` }, label);
  const heard = h("span", { role: "status", class: "unseen" });
  button.addEventListener("click", async () => {
    const done = await copy(textOf()).then(
      () => "Copied",
      () => "Could not copy",
    );
    button.textContent = done;
    heard.textContent = `${done}: ${what}`;
    setTimeout(() => {
      button.textContent = label;
      heard.textContent = "";
      button.append(heard);
    }, 1600);
    button.append(heard);
  });
  return button;
}

/** Some browsers keep the clipboard from pages that were opened from disk; what is selected can be copied all the same. */
async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    const area = h("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
    area.value = text;
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus();
    if (!copied) throw error;
  }
}
