/** All broken variants, in the order of a report. */
import { UsageError } from "../../../errors.ts";
import type { Variant } from "../variant.ts";
import { type HarnessVariant, harnessVariants } from "./harness.ts";
import { postgresOutboxVariants } from "./postgres-outbox.ts";
import { redisBullmqVariants } from "./redis-bullmq.ts";
import { resonateVariants } from "./resonate.ts";

export interface Variants {
  readonly ofImplementations: readonly Variant[];
  readonly ofHarness: readonly HarnessVariant[];
}

const all: Variants = {
  ofImplementations: [...redisBullmqVariants, ...resonateVariants, ...postgresOutboxVariants],
  ofHarness: harnessVariants,
};

/** All variants, or the one with this name. @throws UsageError when there is none. */
export function variantsNamed(name?: string): Variants {
  if (name === undefined) return all;
  const isIt = (variant: { readonly name: string }) => variant.name === name;
  const found = {
    ofImplementations: all.ofImplementations.filter(isIt),
    ofHarness: all.ofHarness.filter(isIt),
  };
  if (found.ofImplementations.length + found.ofHarness.length > 0) return found;
  const names = [...all.ofImplementations, ...all.ofHarness].map((variant) => variant.name);
  throw new UsageError(`There is no variant "${name}".`, `Choose from: ${names.join(", ")}.`);
}
