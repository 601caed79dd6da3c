/** The ways in which the embedded store refuses to go on. Each says what happened, why, and what to do. */
import { messageOf } from "../../errors.ts";

/** Base of all failures of the embedded store; its message is one line, meant for a person. */
export class StoreFailure extends Error {
  constructor(what: string, why: string, remedy: string) {
    super(`${what}: ${why}. ${remedy}.`);
    this.name = new.target.name;
  }
}

/** A line that was once written whole can no longer be read: what follows it cannot be trusted either. */
export class JournalDamaged extends StoreFailure {
  constructor(path: string, line: number, offsetBytes: number, why: string) {
    super(
      `The journal ${path} is damaged at line ${line} (byte ${offsetBytes})`,
      why,
      `Restore the file from a copy, or keep what precedes the damage with: head -n ${line - 1} ${path}`,
    );
  }
}

/** The journal could not be opened, written or synced. Nothing that waited for it was acknowledged. */
export class JournalUnwritable extends StoreFailure {
  constructor(path: string, cause: unknown) {
    super(
      `The journal ${path} cannot be written, and what waited for it was not acknowledged`,
      messageOf(cause),
      "Free space on the disk or correct the path's permissions, then start the store again",
    );
  }
}

export class PortUnavailable extends StoreFailure {
  constructor(port: number, cause: Error) {
    super(
      `The store cannot listen on 127.0.0.1:${port}`,
      cause.message,
      "End the process that holds the port, or choose another port",
    );
  }
}

export class ConfigInvalid extends StoreFailure {
  constructor(variable: string, why: string) {
    super(
      `${variable} does not hold a configuration`,
      why,
      "The store is started by the harness, which sets it",
    );
  }
}

/** The installed SDK is not built like the one that the indexes were written for. */
export class SdkUnfamiliar extends StoreFailure {
  constructor(member: string) {
    super(
      "The installed @resonatehq/sdk cannot be indexed",
      `its LocalNetwork server has no method ${member}`,
      "Install the version that package-lock.json names, or construct StoreEngine with { indexed: false }",
    );
  }
}
