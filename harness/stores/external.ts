/**
 * A store that was running before the run, as a URL names it. The run uses it, looks at what it made there, and takes
 * that away at its end; it kills nothing, and touches nothing that does not begin with its own prefix.
 */
import { randomBytes } from "node:crypto";
import type { StoreAddress } from "../../implementations/session/contract.ts";
import { UsageError } from "../errors.ts";
import type { Store } from "./store.ts";

/** A URL as the user wrote it, and what it was written behind. */
export interface GivenUrl {
  readonly flag: string;
  readonly text: string;
  /** Schemes that there are, such as `redis:`; the first is what the others are written as where they mean the same. */
  readonly schemes: readonly string[];
}

/**
 * Where the store is, with the password apart from the URL. Pure.
 * @throws UsageError, which does not show the password, for what is no such URL.
 */
export function addressOf({ flag, text, schemes }: GivenUrl): StoreAddress {
  if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol)) {
    throw new UsageError(
      `What ${flag} names is not a URL of a store of that kind.`,
      `Write it as ${schemes.map((scheme) => `${scheme}//…`).join(" or ")}.`,
    );
  }
  const url = new URL(text);
  const secret = decodeURIComponent(url.password);
  url.password = "";
  return { url: url.href.replace(/\/$/, ""), secret };
}

/** Begins what one environment of one run makes in a store that it was given: names and ids of both engines bear all of its characters. */
export function drawPrefix(): string {
  return `killproof-${randomBytes(4).toString("hex")}-`;
}

/** What cannot be done to a store that others use too. Its faults are refused before a run, so nobody should come here. */
export const notOurs: Required<Pick<Store, "kill" | "restart" | "rateAlone" | "stop">> = {
  kill: refuse,
  restart: refuse,
  rateAlone: async () => ({ kind: "unknown", why: "others may use it, so it is put under no load" }),
  stop: async () => {}, // what the run made there is taken away when all its processes have ended
};

function refuse(): Promise<never> {
  return Promise.reject(new Error("a store that the run did not start was to be killed"));
}
