import { readFileSync } from 'node:fs';

const POLL_EVERY_MS = 100;

/** Resident memory of a process in MiB (`VmRSS` of `/proc/PID/status`). */
export function residentMib(pid: number): number {
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1_024;
}

/** Samples resident memory; the returned function stops it and gives the maximum. */
export function watchResidentMib(pid: number): () => number {
  let most = residentMib(pid);
  const timer = setInterval(() => {
    most = Math.max(most, residentMib(pid));
  }, POLL_EVERY_MS);
  return () => {
    clearInterval(timer);
    return Math.max(most, residentMib(pid));
  };
}
