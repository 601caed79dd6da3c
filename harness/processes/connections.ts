/** Which connections a process holds, as the operating system says it. */
import { readdir, readFile, readlink } from "node:fs/promises";
import type { Child } from "./reaper.ts";

/** The state of a connection that is neither being opened nor being closed (`TCP_ESTABLISHED` in Linux's `tcp_states.h`). */
const established = "01";
/** Fields of a line of `/proc/PID/net/tcp`, from the left (proc_net_tcp in Linux's documentation). */
const [stateField, inodeField] = [3, 9];

/**
 * How many TCP connections a process has open, those that others have opened to it among them; null where the system does not
 * say: on any but Linux, and of a process that is gone or is somebody else's.
 */
export async function connectionsOf({ pid }: Pick<Child, "pid">): Promise<number | null> {
  try {
    const [open, own] = await Promise.all([openConnections(pid), socketsOf(pid)]);
    return [...own].filter((inode) => open.has(inode)).length;
  } catch {
    return null;
  }
}

/** The inodes of all open connections in the network that a process sees. */
async function openConnections(pid: number): Promise<ReadonlySet<string>> {
  const [four, six] = await Promise.all([
    readFile(`/proc/${pid}/net/tcp`, "utf8"),
    readFile(`/proc/${pid}/net/tcp6`, "utf8").catch(() => ""), // a kernel without it
  ]);
  const lines = [four, six].flatMap((table) => table.split("\n").slice(1));
  return new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[stateField] === established)
      .map((fields) => fields[inodeField] ?? ""),
  );
}

/** The inodes of a process's sockets. */
async function socketsOf(pid: number): Promise<ReadonlySet<string>> {
  const folder = `/proc/${pid}/fd`;
  const links = await Promise.all(
    (await readdir(folder)).map((descriptor) => readlink(`${folder}/${descriptor}`).catch(() => "")), // closed meanwhile
  );
  return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
}
