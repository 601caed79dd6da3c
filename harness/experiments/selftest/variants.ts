/** All broken variants, in the order of a report: those of the engines, by their manifests, and those of the harness. */
import type { Variant } from "../../engines/variant.ts";
import { UsageError } from "../../errors.ts";
import { knownEngines } from "../../targets/targets.ts";
import { type HarnessVariant, harnessVariants } from "./harness-variant-list.ts";

/** A variant, and the correct target that it is made of. */
export interface EngineVariant extends Variant {
  readonly engine: string;
  /** The engine's, a file URL that ends in `/`. */
  readonly folder: string;
  /** `implementation@store`. */
  readonly of: string;
}

export interface Variants {
  readonly ofEngines: readonly EngineVariant[];
  readonly ofHarness: readonly HarnessVariant[];
}

function allVariants(): Variants {
  return {
    ofEngines: knownEngines().flatMap(({ name: engine, folder, manifest: { variants = [] } }) =>
      variants.map((variant) => ({ ...variant, engine, folder, of: `${engine}@${variant.store}` })),
    ),
    ofHarness: harnessVariants,
  };
}

/** All variants, or the one with this name. @throws UsageError when there is none. */
export function variantsNamed(name?: string): Variants {
  const all = allVariants();
  if (name === undefined) return all;
  const isIt = (variant: { readonly name: string }) => variant.name === name;
  const found = { ofEngines: all.ofEngines.filter(isIt), ofHarness: all.ofHarness.filter(isIt) };
  if (found.ofEngines.length + found.ofHarness.length > 0) return found;
  const names = [...all.ofEngines, ...all.ofHarness].map((variant) => variant.name);
  throw new UsageError(`Unknown variant "${name}".`, `Choose from: ${names.join(", ")}.`);
}
