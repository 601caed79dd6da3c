/** All that a manifest may use, by one name: what a folder that no list knows imports as `killproof/manifest`. */
export {
  allThatKeysAllow,
  type Guarantee,
  harmless,
  kills,
  throughOutages,
  whatKeysProvide,
  whatKeysProvideAgainstZombies,
  zombieMakers,
} from "../checks/guarantees.ts";
export { afterActivity } from "../scenarios/acts.ts";
export * from "../scenarios/provocations.ts";
export { edit } from "./edit.ts";
export type { Engine } from "./engine.ts";
export type { Tuning } from "./tuning.ts";
export {
  asTheyBegan,
  byPlace,
  type ChangeName,
  eitherOr,
  everywhere,
  type NextVersion,
  type SafeWay,
  type UnsafeWay,
  type Upgrades,
  type Way,
} from "./upgrade.ts";
export type { Duty, Variant } from "./variant.ts";
