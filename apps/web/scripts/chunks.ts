import type { Rolldown } from 'vite';

type ModuleInfoOf = (id: string) => Rolldown.ModuleInfo | null;

/** Stays in a file of its own: it waits for `main.tsx`, which imports what both need. */
const ENTRY = /\/src\/boot\.ts$/u;

/**
 * The chunk for a module that the start needs: `languages` for the entry's imports, `application`
 * for the first screen's. Null: not needed at the start. Modules that later parts share are in the
 * same chunk, because one file compresses better than two.
 */
export function fileOfStart(id: string, infoOf: ModuleInfoOf): string | null {
  if (ENTRY.test(id)) return null;
  const needing = [...whoNeeds(id, infoOf)];
  if (needing.some((path) => ENTRY.test(path))) return 'languages';
  return needing.some((path) => path.endsWith('/src/main.tsx')) ? 'application' : null;
}

/** The module and all that import it, directly or not. */
function whoNeeds(id: string, infoOf: ModuleInfoOf): ReadonlySet<string> {
  const found = new Set([id]);
  // Iterating over a growing set reaches added elements.
  for (const at of found) for (const importer of infoOf(at)?.importers ?? []) found.add(importer);
  return found;
}
