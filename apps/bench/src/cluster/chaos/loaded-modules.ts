import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

type Module = 'plant-in-node' | 'other-build' | 'movable-date';

/** Returns the setting with which a node loads a module of this folder before its own code. */
export function loading(module: Module): Readonly<Record<string, string>> {
  const url = pathToFileURL(join(import.meta.dirname, `${module}.ts`)).href;
  return { NODE_OPTIONS: `--import=${url}` };
}
