/** Whether a process exists; tests ask it of what a harness should not have left behind. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0); // no signal is sent, only its sending is tried
    return true;
  } catch {
    return false;
  }
}
