/** A process that imports what a worker does of the harness, and ends: how long it takes tells what this machine makes of a worker's start. */
import "../world/redis-world.ts";

process.exit(0);
