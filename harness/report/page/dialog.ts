/** One modal dialog for everything that is looked at closely; the browser keeps the focus in it and closes it on Escape. */
import { append, h } from "./element.ts";

export function showInDialog(title: string, body: HTMLElement): void {
  const close = h("button", { type: "button", class: "close", "aria-label": "Close" }, "×");
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
  append(dialog, [
    h("div", { class: "dialog-head" }, heading, close),
    h("div", { class: "dialog-body", tabindex: 0, role: "region", "aria-label": title }, body),
  ]);
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
