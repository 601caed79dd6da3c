/** What can be said of an implementation before anything of it runs: that its two modules are there, and export what they must. */
import { existsSync } from "node:fs";
import { execa } from "execa";

const modules = [
  { file: "worker.ts", name: "startWorker" },
  { file: "client.ts", name: "connectClient" },
] as const;

export const modulesSentence = "worker.ts exports startWorker, and client.ts exports connectClient.";
export const modulesFix =
  "Export each by that name, as a function of the type that implementations/session/contract.ts gives it; implementations/README.md shows how to begin.";

/** As the processes have it that load an implementation. */
const engineImports = new URL("../workers/engine-imports.ts", import.meta.url).href;

const importMs = 20_000;

/** What is missing of the modules. They are imported in a process of their own, since nobody knows what an import does. */
export async function missingModules(implementation: string): Promise<readonly string[]> {
  const found = await Promise.all(
    modules.map(async ({ file, name }) => {
      const url = new URL(file, implementation);
      if (!existsSync(url)) return [`there is no ${file}`];
      const script = `import(process.argv[1]).then((module) => { console.log("type:" + typeof module[${JSON.stringify(name)}]); process.exit(); })`;
      const { stdout, stderr, failed, shortMessage } = await execa(
        process.execPath,
        ["--import", engineImports, "--input-type=module", "--eval", script, url.href],
        { reject: false, timeout: importMs, stdin: "ignore" },
      );
      if (failed) {
        const words = stderr.split("\n").find((line) => /^\w*Error/.test(line)) ?? shortMessage;
        return [`${file} cannot be imported: ${words}`];
      }
      const type = /type:(\w+)/.exec(stdout)?.[1];
      if (type === "function") return [];
      return [`${file} exports ${type === "undefined" ? "no" : `a ${type}, not a function, as`} ${name}`];
    }),
  );
  return found.flat();
}
