import type { Rolldown } from 'vite';

type ModuleInfoOf = (id: string) => Rolldown.ModuleInfo | null;

/**
 * The file in which the start shares a module with what comes later: what the entry has before
 * anything else is here, or what the first screen draws with. Null: nothing waits for it at the start.
 */
export function fileOfStart(id: string, infoOf: ModuleInfoOf): string | null {
  const needing = [...whoNeeds(id, infoOf)];
  if (needing.some((path) => path.endsWith('/src/boot.ts'))) return 'languages';
  return needing.some((path) => path.endsWith('/src/main.tsx')) ? 'shared' : null;
}

/** Whatever cannot run before the module is there, and the module. */
function whoNeeds(id: string, infoOf: ModuleInfoOf): ReadonlySet<string> {
  const found = new Set([id]);
  // A set that grows while it is walked is walked to its end.
  for (const at of found) for (const importer of infoOf(at)?.importers ?? []) found.add(importer);
  return found;
}
