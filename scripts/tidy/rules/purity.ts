import { isOfTests, ROOMS, type Room, roomOf } from '../rooms.ts';
import { lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

/** Names that reach the machine, its time or its chance, and what a pure room does instead. */
const FORBIDDEN: readonly { readonly names: readonly string[]; readonly instead: string }[] = [
  {
    names: ['Date', 'performance', 'Temporal'],
    instead: 'time is an argument: take nowMs or a Clock',
  },
  {
    names: ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'requestAnimationFrame'],
    instead: 'a deadline is data: keep it and look at it in the tick',
  },
  { names: ['clearTimeout', 'clearInterval', 'clearImmediate'], instead: 'there is no timer here' },
  { names: ['crypto'], instead: 'take a Prng, or a port whose adapter is in apps/server' },
  { names: ['console'], instead: 'return what happened: an effect or an event' },
  {
    names: ['process', 'Buffer', 'require', 'globalThis'],
    instead: 'what comes from the machine is an argument',
  },
  {
    names: ['TextDecoder', 'TextEncoder'],
    instead: 'the listener decodes; take the text and its byteLength',
  },
  { names: ['fetch', 'WebSocket', 'EventSource'], instead: 'input and output go through a port' },
  {
    names: ['WeakRef', 'FinalizationRegistry'],
    instead: 'nothing may depend on when memory is freed',
  },
  { names: ['eval'], instead: 'code is not data' },
];

const INSTEAD_OF = new Map(
  FORBIDDEN.flatMap(({ names, instead }) => names.map((name) => [name, instead] as const)),
);

/** A name on its own, not the property of something. */
const FREE_NAME = /(?<![\w$#]|(?<!\.\.)\.\s*)[A-Za-z_$][\w$]*/g;

const FORBIDDEN_FORMS: readonly { readonly form: RegExp; readonly instead: string }[] = [
  { form: /\bMath\s*\.\s*random\b|\bMath\s*\[/g, instead: 'chance is an argument: take a Prng' },
  { form: /\bimport\s*\(/g, instead: 'what a pure room needs it imports at its head' },
  { form: /\bimport\s*\.\s*meta\b/g, instead: 'a pure room does not know where it is' },
  { form: /\bIntl\s*\.\s*DateTimeFormat\b/g, instead: 'dates are for people: format them in apps' },
];

/** Pure rooms name nothing of the machine, and their tsconfig cannot even see it. */
export function purityFaults(tree: Tree): Fault[] {
  const pure = tree.sources.filter(({ path }) => roomOf(path)?.pure === true && !isOfTests(path));
  const rooms = ROOMS.filter((room) => room.pure).filter(({ folder }) =>
    tree.paths.includes(`${folder}/package.json`),
  );
  return [
    ...pure.flatMap(nameFaults),
    ...pure.flatMap(formFaults),
    ...rooms.flatMap((room) => tsconfigFaults(tree, room)),
  ];
}

function nameFaults(source: Source): Fault[] {
  return Array.from(source.code.matchAll(FREE_NAME)).flatMap((match) => {
    const instead = INSTEAD_OF.get(match[0]);
    if (instead === undefined) return [];
    return [faultAt(source, match.index, match[0], instead)];
  });
}

function formFaults(source: Source): Fault[] {
  return FORBIDDEN_FORMS.flatMap(({ form, instead }) =>
    Array.from(source.code.matchAll(form), (match) =>
      faultAt(source, match.index, match[0].replaceAll(/\s/g, ''), instead),
    ),
  );
}

function faultAt(source: Source, offset: number, name: string, instead: string): Fault {
  return {
    path: source.path,
    line: lineAt(source.text, offset),
    message: `A pure room does not name ${name}: ${instead}.`,
  };
}

interface TsConfig {
  readonly extends?: string;
  readonly compilerOptions?: {
    readonly lib?: readonly string[];
    readonly types?: readonly string[];
  };
}

function tsconfigFaults(tree: Tree, room: Room): Fault[] {
  const path = `${room.folder}/tsconfig.json`;
  const readConfig = (file: string): TsConfig =>
    tree.paths.includes(file) ? (JSON.parse(tree.read(file)) as TsConfig) : {};
  const own = readConfig(path);
  const base = own.extends === '../../tsconfig.base.json' ? readConfig('tsconfig.base.json') : {};
  const options = { ...base.compilerOptions, ...own.compilerOptions };
  const isPure = options.lib?.join() === 'es2023' && options.types?.length === 0;
  if (isPure) return [];
  return [{ path, line: null, message: 'A pure room says "lib": ["es2023"] and "types": [].' }];
}
