/** The types of the SDK's state machine, which it does not export. */
import type { LocalNetwork } from "@resonatehq/sdk";

/** `server` is private to the SDK but is all of it that has no timers; an element access reads it. */
export type Server = LocalNetwork["server"];
export type Change = ReturnType<Server["apply"]>["changes"][number];
