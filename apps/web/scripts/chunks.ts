import type { Rolldown } from 'vite';

type ModuleInfoOf = (id: string) => Rolldown.ModuleInfo | null;

/**
 * The chunk for a module shared by the start and later parts: the entry's own, or the first
 * screen's. Null: not needed at the start.
 */
export function fileOfStart(id: string, infoOf: ModuleInfoOf): string | null {
  const needing = [...whoNeeds(id, infoOf)];
  if (needing.some((path) => path.endsWith('/src/boot.ts'))) return 'languages';
  return needing.some((path) => path.endsWith('/src/main.tsx')) ? 'shared' : null;
}

/** The module and all that import it, directly or not. */
function whoNeeds(id: string, infoOf: ModuleInfoOf): ReadonlySet<string> {
  const found = new Set([id]);
  // Iterating over a growing set reaches added elements.
  for (const at of found) for (const importer of infoOf(at)?.importers ?? []) found.add(importer);
  return found;
}
