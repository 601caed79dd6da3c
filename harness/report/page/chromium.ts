/** The browser in which the page is tested and painted; scripts/setup.sh brings it where it is missing. */
import { execaSync } from "execa";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const macPaths = ["Chromium", "Google Chrome"].map(
  (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
);

/** Starts it without a window. Whoever is root can have no sandbox, and opens no page but our own. */
export async function startChromium(): Promise<Browser> {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath: executable(), args: isRoot ? ["--no-sandbox"] : [] });
}

function executable(): string {
  const found = [...names, ...macPaths].find(
    (name) => !execaSync(name, ["--version"], { reject: false }).failed,
  );
  if (found === undefined)
    throw new Error("there is no Chromium on PATH: sh scripts/setup.sh chromium installs it");
  return found.startsWith("/") ? found : execaSync("which", [found]).stdout;
}
