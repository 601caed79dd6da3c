/** A worker kills itself at an effect that it was ordered to die at. No plan holds it: claims and the crash matrix bring it about. */
import { provokedKind } from "./kind.ts";

export const crashPoint = provokedKind("crash-point", "death", null);
