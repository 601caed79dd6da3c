/** Requests as the SDK would send them, for the tests of this folder. */
import type { PromiseCreateReq, PromiseSettleReq, Request } from "@resonatehq/sdk";

const head = { corrId: "c", version: "2026-04-01" };

/** A time that no test reaches, ms. */
const farFuture = 9_999_999_999_999;

export function create(
  id: string,
  {
    target,
    timeoutAt = farFuture,
    tags = {},
  }: { target?: string; timeoutAt?: number; tags?: Record<string, string> } = {},
): PromiseCreateReq {
  const targeted = target === undefined ? tags : { ...tags, "resonate:target": target };
  return {
    kind: "promise.create",
    head,
    data: { id, timeoutAt, param: { data: "cGFyYW0=" }, tags: targeted },
  };
}

export function settle(id: string, state: PromiseSettleReq["data"]["state"] = "resolved"): PromiseSettleReq {
  return { kind: "promise.settle", head, data: { id, state, value: { data: "dmFsdWU=" } } };
}

export function get(id: string): Request {
  return { kind: "promise.get", head, data: { id } };
}

export function getTask(id: string): Request {
  return { kind: "task.get", head, data: { id } };
}

export function listen(awaited: string, address: string): Request {
  return { kind: "promise.register_listener", head, data: { awaited, address } };
}

export function createTask(action: PromiseCreateReq, pid: string, ttl: number): Request {
  return { kind: "task.create", head, data: { pid, ttl, action } };
}

export function acquire(id: string, version: number, pid: string, ttl = 3_600_000): Request {
  return { kind: "task.acquire", head, data: { id, version, pid, ttl } };
}

export function release(id: string, version: number): Request {
  return { kind: "task.release", head, data: { id, version } };
}

export function fence(id: string, version: number, action: PromiseCreateReq | PromiseSettleReq): Request {
  return { kind: "task.fence", head, data: { id, version, action } };
}

export function heartbeat(pid: string, id: string, version: number): Request {
  return { kind: "task.heartbeat", head, data: { pid, tasks: [{ id, version }] } };
}

export function suspend(id: string, version: number, awaited: readonly string[]): Request {
  const actions = awaited.map((one) => callback(one, id));
  return { kind: "task.suspend", head, data: { id, version, actions } };
}

export function callback(awaited: string, awaiter: string) {
  return { kind: "promise.register_callback" as const, head, data: { awaited, awaiter } };
}

export function fulfill(id: string, version: number): Request {
  return { kind: "task.fulfill", head, data: { id, version, action: settle(id) } };
}

/** The same request with the token that the SDK puts into it. */
export function withAuth<R extends { readonly head: Request["head"] }>(request: R, auth: string): R {
  return { ...request, head: { ...request.head, auth } };
}
