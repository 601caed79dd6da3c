/** The named concepts of the engine that the code uses, each with the word by which it shows that. */
import type { Concept } from "../../../harness/engines/engine.ts";

export const concepts: readonly Concept[] = [
  { name: "durable function", word: "register" },
  { name: "step", word: "ctx.run" },
  { name: "durable sleep", word: "ctx.sleep" },
  { name: "retry policy", word: "retryPolicy" },
  { name: "dependency", word: "getDependency" },
  { name: "workflow id", word: "session/" },
  { name: "worker group", word: "target: prefix + group" },
  { name: "start by RPC", word: "beginRpc" },
  { name: "handle", word: "handle.result" },
  { name: "lease", word: "ttl" },
  { name: "workflow timeout", word: "timeout" },
  { name: "function version", word: "{ version }" },
  { name: "network", word: "HttpNetwork" },
  { name: "message source", word: "HttpAdapter" },
  { name: "task", word: "task.acquire" },
];
