/**
 * Lets an implementation that stands anywhere import what it may by the name of this package: `killproof/session` is all of
 * the ground floor and `killproof/session/steps.ts` a file of it; `killproof/manifest` is what its manifest may use. Its own
 * packages are found where Node finds them from its folder. Imported, for this effect, by every process that loads an implementation.
 */
import { registerHooks } from "node:module";

const groundFloor = new URL("../../implementations/session/", import.meta.url);
const manifest = new URL("../engines/manifest.ts", import.meta.url);

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === "killproof/manifest") return nextResolve(manifest.href, context);
    const [match, file = "index.ts"] = /^killproof\/session(?:\/([\w-]+\.ts))?$/.exec(specifier) ?? [];
    return nextResolve(match === undefined ? specifier : new URL(file, groundFloor).href, context);
  },
});
