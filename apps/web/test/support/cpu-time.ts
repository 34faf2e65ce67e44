/** CPU time in ms; wall time would depend on the machine's load. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
