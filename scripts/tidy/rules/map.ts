import { nameOfRoom, ROOMS, type Room } from '../rooms.ts';
import { lineAt } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Rows in the table of ARCHITECTURE.md look like `| [name](folder) | purpose | imports |`. */
const MAP = 'docs/ARCHITECTURE.md';

export function mapFaults(tree: Tree): Fault[] {
  const text = tree.paths.includes(MAP) ? tree.read(MAP) : '';
  return ROOMS.flatMap((room): Fault[] => {
    const row = new RegExp(
      `^\\| \\[[^\\]]+\\]\\(\\.\\./${room.folder}\\) \\|[^|]*\\|([^|]*)\\|`,
      'm',
    );
    const match = row.exec(text);
    if (match === null) {
      return [{ path: MAP, line: null, message: `The map lacks ${room.folder}.` }];
    }
    const told = match[1]?.trim() ?? '';
    const said = importsInWords(room);
    if (told === said) return [];
    const message = `${nameOfRoom(room)} may import ${said} (scripts/tidy/rooms.ts), not: ${told}`;
    return [{ path: MAP, line: lineAt(text, match.index), message }];
  });
}

function importsInWords({ rooms }: Room): string {
  return rooms.length === 0 ? '–' : rooms.join(', ');
}
