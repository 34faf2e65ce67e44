import { posix } from 'node:path';
import { ROOMS, type Room, roomOf } from '../rooms.ts';
import { type Import, importsOf, lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Within a room no import runs up its layers, and none but of types runs in a circle. */
export function layerFaults(tree: Tree): Fault[] {
  return ROOMS.filter(({ layers }) => layers !== undefined).flatMap((room) => {
    const sources = tree.sources.filter(
      ({ path }) => roomOf(path) === room && path.startsWith(`${room.folder}/src/`),
    );
    return [...sources.flatMap((source) => upwardFaults(room, source)), ...cycleFaults(sources)];
  });
}

/** Null for what is no source of the room. */
function targetOf({ path }: Source, { specifier }: Import): string | null {
  if (!/^\..*\.tsx?$/.test(specifier)) return null;
  return posix.join(posix.dirname(path), specifier);
}

/** From 0 at the top; -1 for a folder that is in none. */
function layerOf({ folder, layers = [] }: Room, path: string): number {
  const [top = ''] = posix.dirname(path.slice(`${folder}/src/`.length)).split('/');
  return layers.findIndex((folders) => folders.includes(top));
}

function upwardFaults(room: Room, source: Source): Fault[] {
  const { path, text } = source;
  const own = layerOf(room, path);
  if (own === -1) {
    const message = 'This folder is in no layer of scripts/tidy/rooms.ts.';
    return [{ path, line: null, message }];
  }
  return importsOf(source).flatMap((imported) => {
    const target = targetOf(source, imported);
    if (target === null || layerOf(room, target) >= own) return [];
    const message = `It imports ${imported.specifier} from a layer above (scripts/tidy/rooms.ts).`;
    return [{ path, line: lineAt(text, imported.offset), message }];
  });
}

/** One fault a cycle; what is imported while the page runs closes none. */
function cycleFaults(sources: readonly Source[]): Fault[] {
  const imports = new Map(
    sources.map((source) => [
      source.path,
      importsOf(source).flatMap((imported) => {
        const target = imported.dynamic || imported.ofTypes ? null : targetOf(source, imported);
        return target === null ? [] : [target];
      }),
    ]),
  );
  const done = new Set<string>();
  const faults: Fault[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const from = way.indexOf(path);
    if (from >= 0) {
      const cycle = [...way.slice(from), path].map((at) => posix.basename(at)).join(' → ');
      faults.push({ path, line: null, message: `A cycle of imports: ${cycle}.` });
    }
    if (done.has(path) || from >= 0) return;
    for (const next of imports.get(path) ?? []) walk(next, [...way, path]);
    done.add(path);
  };
  for (const path of imports.keys()) walk(path, []);
  return faults;
}
