/** The CPU time that the work takes, in ms; by the clock it would depend on what else the machine does. */
export function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return process.cpuUsage(before).user / 1000;
}
