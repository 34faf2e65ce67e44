import { isOfBuild, isOfTests, nameOfRoom, ROOMS, type Room, roomOf } from '../rooms.ts';
import { type Import, importsOf, lineAt, type Source, targetOf } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Packages that all tests may import. The root's manifest declares them. */
const PACKAGES_OF_ALL_TESTS = ['fast-check'];

export function importFaults(tree: Tree): Fault[] {
  const manifests = tree.paths.filter((path) =>
    /^(?:packages|apps)\/[^/]+\/package\.json$/.test(path),
  );
  const unknown = manifests.filter((path) => roomOf(path) === null);
  return [
    ...unknown.map((path) => ({
      path,
      line: null,
      message:
        'This package is not in scripts/tidy/rooms.ts: add its purpose and its allowed imports.',
    })),
    // The root room is left out, because its manifest also lists tools that no file imports.
    ...ROOMS.filter((room) => !isRootRoom(room)).flatMap((room) => manifestFaults(tree, room)),
    ...ROOMS.filter((room) => room.pure).flatMap((room) => tsconfigFaults(tree, room)),
    ...tree.sources.flatMap((source) => sourceFaults(tree, source)),
  ];
}

interface TsConfig {
  readonly extends?: string;
  readonly compilerOptions?: {
    readonly lib?: readonly string[];
    readonly types?: readonly string[];
  };
}

/**
 * Checks that the tsconfig of a pure package has no timer or I/O types. The linter forbids other
 * impure code.
 */
function tsconfigFaults(tree: Tree, room: Room): Fault[] {
  const path = `${room.folder}/tsconfig.json`;
  if (!tree.paths.includes(path)) return [];
  const readConfig = (file: string): TsConfig => JSON.parse(tree.read(file)) as TsConfig;
  const own = readConfig(path);
  const base = own.extends === '../../tsconfig.base.json' ? readConfig('tsconfig.base.json') : {};
  const options = { ...base.compilerOptions, ...own.compilerOptions };
  if (options.lib?.join() === 'es2023' && options.types?.length === 0) return [];
  return [{ path, line: null, message: 'A pure package has "lib": ["es2023"] and "types": [].' }];
}

function manifestOf(room: Room): string {
  return isRootRoom(room) ? 'package.json' : `${room.folder}/package.json`;
}

/**
 * Returns whether the room's imports are declared by the root's manifest, because the room has
 * no manifest of its own.
 */
function isRootRoom(room: Room): boolean {
  return room.folder === 'scripts';
}

function readManifest(tree: Tree, room: Room): Manifest {
  const path = manifestOf(room);
  return tree.paths.includes(path) ? (JSON.parse(tree.read(path)) as Manifest) : {};
}

/** Checks that a room's manifest declares no package that the table doesn't allow. */
function manifestFaults(tree: Tree, room: Room): Fault[] {
  const manifest = readManifest(tree, room);
  const forTests = [...(room.tests?.rooms ?? []), ...(room.tests?.packages ?? [])];
  const faultsOf = (names: readonly string[], allowed: readonly string[], kind: string): Fault[] =>
    names
      .filter((name) => !allowed.includes(name.replace(/^@farandole\//, '')))
      .filter((name) => !name.startsWith('@types/'))
      .map((name) => ({
        path: `${room.folder}/package.json`,
        line: null,
        message: `${name} is among the ${kind}, but scripts/tidy/rooms.ts does not allow it.`,
      }));
  const own = [...room.rooms, ...room.packages];
  return [
    ...faultsOf(Object.keys(manifest.dependencies ?? {}), own, 'dependencies'),
    ...faultsOf(
      Object.keys(manifest.devDependencies ?? {}),
      [...own, ...forTests, ...(room.buildPackages ?? [])],
      'devDependencies',
    ),
  ];
}

function sourceFaults(tree: Tree, source: Source): Fault[] {
  const room = roomOf(source.path);
  if (room === null) return [];
  return importsOf(source).flatMap((imported) => {
    const message = faultOfImport(tree, room, source.path, imported);
    if (message === null) return [];
    return [{ path: source.path, line: lineAt(source.text, imported.offset), message }];
  });
}

function faultOfImport(tree: Tree, room: Room, path: string, imported: Import): string | null {
  const { specifier } = imported;
  if (specifier === '') {
    return room.pure ? 'A pure package has no computed imports.' : null;
  }
  const target = targetOf(path, imported);
  if (target !== null) return faultOfRelative(tree, room, { path, specifier, target });
  if (specifier.startsWith('node:')) {
    const allowed = room.node || isOfTests(path) || isOfBuild(path);
    return allowed
      ? null
      : `${nameOfRoom(room)} does not run in Node: it may not import ${specifier}.`;
  }
  if (specifier.startsWith('@farandole/')) return faultOfRoom(tree, room, path, specifier);
  return faultOfPackage(tree, room, path, specifier);
}

function faultOfRelative(
  tree: Tree,
  room: Room,
  { path, specifier, target }: { path: string; specifier: string; target: string },
): string | null {
  const isData = room.data?.some((folder) => target.startsWith(`${folder}/`)) ?? false;
  if (!isData && !target.startsWith(`${room.folder}/`)) {
    return `${specifier} leaves the package: import another package by its name, @farandole/….`;
  }
  if (!isOfTests(path) && isOfTests(target)) return `Sources do not import tests: ${specifier}.`;
  return tree.paths.includes(target) ? null : `There is no ${target}.`;
}

function faultOfRoom(tree: Tree, room: Room, path: string, specifier: string): string | null {
  const [, name = '', ...rest] = specifier.split('/');
  if (rest.length === 0) return `Name the file: ${specifier}/….`;
  if (name === nameOfRoom(room)) {
    return isOfTests(path) ? null : 'Import a file of the same package by its path.';
  }
  const ofTests = isOfTests(path) ? (room.tests?.rooms ?? []) : [];
  if (![...room.rooms, ...ofTests].includes(name)) {
    return (
      `${nameOfRoom(room)} may not import ${name} (scripts/tidy/rooms.ts): ` +
      'define a port that the other package implements.'
    );
  }
  return faultOfDeclaration(tree, room, path, `@farandole/${name}`);
}

function faultOfPackage(tree: Tree, room: Room, path: string, specifier: string): string | null {
  const parts = specifier.split('/');
  const name = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '');
  if (isOfTests(path) && PACKAGES_OF_ALL_TESTS.includes(name)) return null;
  const ofTests = isOfTests(path) ? (room.tests?.packages ?? []) : [];
  // A test of the build may import what the build imports.
  const ofBuild = isOfBuild(path) || isOfTests(path) ? (room.buildPackages ?? []) : [];
  if (![...room.packages, ...ofTests, ...ofBuild].includes(name)) {
    return `${nameOfRoom(room)} may not import ${name} (scripts/tidy/rooms.ts).`;
  }
  return faultOfDeclaration(tree, room, path, name);
}

function faultOfDeclaration(tree: Tree, room: Room, path: string, name: string): string | null {
  const { dependencies = {}, devDependencies = {} } = readManifest(tree, room);
  const mayBeDev = isOfTests(path) || isOfBuild(path) || room.folder === 'e2e' || isRootRoom(room);
  if (name in dependencies || (mayBeDev && name in devDependencies)) return null;
  return `${name} is not declared in ${manifestOf(room)}.`;
}
