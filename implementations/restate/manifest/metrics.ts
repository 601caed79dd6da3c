/** What a server says that it has done, by its metrics (https://docs.restate.dev/server/monitoring/metrics), since its process started. */
import type { Traffic } from "../../../harness/stores/store.ts";

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^(\w+)(?:\{(.*)\})? (\S+)$/;
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Reads the text format of Prometheus. Pure. */
function samplesIn(text: string): readonly Sample[] {
  return text.split("\n").flatMap((each) => {
    const [match, name = "", labels = "", value = ""] = line.exec(each) ?? [];
    if (match === undefined) return []; // a comment
    const pairs = [...labels.matchAll(label)].map(([, key = "", of = ""]): [string, string] => [key, of]);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** What of a store's traffic they say: not what goes over its clients' connections, whose bytes it counts on one side only. Pure. */
export function trafficIn(text: string): Pick<Traffic, "requests" | "syncs"> {
  const samples = samplesIn(text);
  const sum = (name: string, of: Sample["labels"] = {}) =>
    samples
      .filter((sample) => sample.name === name)
      .filter(({ labels }) => Object.entries(of).every(([key, value]) => labels[key] === value))
      .reduce((total, { value }) => total + value, 0);
  const applied = "restate_partition_apply_command_duration_seconds_count";
  const commands = new Set(
    samples.flatMap(({ name, labels }) => (name === applied ? [labels.command ?? ""] : [])),
  );
  return {
    requests: {
      "request of a client": sum("restate_ingress_requests_total", { status: "admitted" }),
      "call of a worker": sum("restate_invoker_invocation_tasks_total", { status: "started" }),
      ...Object.fromEntries([...commands].map((command) => [`record ${command}`, sum(applied, { command })])),
    },
    syncs: sum("restate_rocksdb_wal_synced_total"),
  };
}
