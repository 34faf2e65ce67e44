import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export type Descriptors = Readonly<Record<string, number>>;

/** Counts `/proc/PID/fd`. Linux only. */
export function descriptorsOf(pid: number): Descriptors {
  const counts: Record<string, number> = {};
  const folder = `/proc/${pid}/fd`;
  for (const name of readdirSync(folder)) {
    let target: string;
    try {
      target = readlinkSync(`${folder}/${name}`);
    } catch {
      // The file was closed since the listing.
      continue;
    }
    const kind = kindOf(target);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** The target of a descriptor's link, such as `socket:[123]` or `/path/of/a/file`. */
function kindOf(target: string): string {
  if (target.startsWith('/dev/')) return 'device';
  if (target.startsWith('/')) return 'file';
  if (target.startsWith('anon_inode:'))
    return target.slice('anon_inode:'.length).replace(/[[\]]/g, '');
  return target.replace(/:.*/, '');
}

export function residentKibOf(pid: number): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  if (kib === undefined) throw new Error(`process ${pid} has no resident memory`);
  return Number(kib);
}
