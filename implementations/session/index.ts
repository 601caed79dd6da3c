/** All of the ground floor by one name: what an implementation imports as `killproof/session`. */
// concern: contract
export * from "./contract.ts";
export * from "./operations.ts";
export * from "./spec.ts";
export * from "./steps.ts";
export * from "./world.ts";
