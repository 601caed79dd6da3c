/** What a store takes on the disk. */
import { stat } from "node:fs/promises";

/** Size of these files together, bytes. One that has gone meanwhile takes none. */
export async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = files.map((file) =>
    stat(file).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
