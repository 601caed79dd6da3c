/**
 * Nothing is heard of a remote worker for half a lease: its link is cut, or it stands still, or it is gone. No plan holds it: whoever
 * has the hosts brings it about, and the run sees that beats are missing (`history/silences.ts`).
 */
import { provokedKind } from "./kind.ts";

export const cutOff = provokedKind("cut-off", "zombie", { whom: "victims", isTotal: true });
