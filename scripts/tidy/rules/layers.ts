import { posix } from 'node:path';
import { ROOMS, type Room, roomOf } from '../rooms.ts';
import { importsOf, lineAt, type Source, targetOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

export function layerFaults(tree: Tree): Fault[] {
  return ROOMS.filter(({ layers }) => layers !== undefined).flatMap((room) =>
    tree.sources
      .filter(({ path }) => roomOf(path) === room && path.startsWith(`${room.folder}/src/`))
      .flatMap((source) => upwardFaults(room, source)),
  );
}

/** Returns the layer of a file: 0 for the top layer, and -1 for a folder without a layer. */
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
    const target = targetOf(path, imported);
    if (target === null || !/\.tsx?$/.test(target) || layerOf(room, target) >= own) return [];
    const message = `It imports ${imported.specifier} from a layer above (scripts/tidy/rooms.ts).`;
    return [{ path, line: lineAt(text, imported.offset), message }];
  });
}
