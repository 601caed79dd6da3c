/** Buttons that put text onto the clipboard, and the commands that they are mostly for. */
import { h } from "./element.ts";

const shownMs = 1600;

/** Where a screen reader hears what became of a copy. */
const heard = h("div", { role: "status", class: "unseen" });

/** `label` is the button's; `what` says to a screen reader what is copied. */
export function copyButton(label: string, what: string, textOf: () => string): HTMLButtonElement {
  const button = h("button", { type: "button", class: "copy", "aria-label": `${label}: ${what}` }, label);
  button.addEventListener("click", async () => {
    if (!heard.isConnected) document.body.append(heard);
    const done = await copy(textOf()).then(
      () => "Copied",
      () => "Could not copy",
    );
    button.textContent = done;
    heard.textContent = `${done}: ${what}`;
    setTimeout(() => {
      button.textContent = label;
      heard.textContent = "";
    }, shownMs);
  });
  return button;
}

/** A command under a few words that say what it does. */
export function commandLine(words: string, command: string): HTMLElement {
  return h(
    "div",
    { class: "again" },
    h("span", {}, words),
    h("code", {}, command),
    copyButton("Copy", "the command", () => command),
  );
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
