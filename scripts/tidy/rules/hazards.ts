import { importsOf, lineAt, type Source } from '../source.ts';
import type { Fault, Tree } from '../tree.ts';

interface Hazard {
  readonly form: RegExp;
  readonly message: string;
}

/** Wherever the code runs. */
const ANYWHERE: readonly Hazard[] = [
  {
    form: /\beval\s*\(|\bnew\s+Function\b|\bimportScripts\s*\(/g,
    message: 'No code is made from text.',
  },
  {
    // A constant in capitals is written down; anything else may hold what somebody sent.
    form: /\bnew\s+RegExp\s*\((?!\s*[A-Z][A-Z0-9_]*\s*[,)])/g,
    message: 'A pattern is written down, and not made of text.',
  },
];

/** In the page. */
const IN_THE_PAGE: readonly Hazard[] = [
  {
    form: /\b(?:inner|outer)HTML\b|\binsertAdjacentHTML\b|\bdangerouslySetInnerHTML\b|\bsrcdoc\b|\bDOMParser\b|\bcreateContextualFragment\b|\bdocument\s*\.\s*write(?:ln)?\b/g,
    message: 'What is said is put on the page as text, never as markup.',
  },
  {
    form: /\bdocument\s*\.\s*cookie\b/g,
    message: 'The cookie is out of reach of scripts, ours too.',
  },
];

/** On a node. */
const ON_A_NODE: readonly Hazard[] = [
  {
    form: /(?<![.\w])fetch\s*\((?!\s*\w+\s*:)/g,
    message: 'A node asks no other host for anything.',
  },
  {
    form: /\bnew\s+(?:WebSocket|EventSource)\b|\b(?:createRemoteJWKSet|Pushgateway)\b/g,
    message: 'A node asks no other host for anything.',
  },
  {
    // A text in quotes or a constant in capitals is written down; all else goes as a parameter.
    form: /\b(?:sql|CompiledQuery)\s*\.\s*(?:raw|lit)\s*\((?!\s*(?:'\s*'|[A-Z][A-Z0-9_]*)\s*[,)])/g,
    message: 'SQL is written down, and not made of text: give it parameters.',
  },
  { form: /\bMath\s*\.\s*random\b/g, message: 'Chance on a node is node:crypto’s, or a Prng’s.' },
  { form: /\ballocUnsafe(?:Slow)?\b/g, message: 'A buffer is wiped before it is used.' },
];

/** Modules that a node has no use for: they start programs, run text, or ask other hosts. */
const MODULES: ReadonlyMap<string, string> = new Map([
  ['child_process', 'A node starts no program.'],
  ['vm', 'No code is made from text.'],
  ['https', 'A node asks no other host for anything.'],
  ['http2', 'A node asks no other host for anything.'],
  ['dgram', 'A node sends no packets of its own: media goes between browsers.'],
]);

/** Where a module that can ask is used for something else: the lock asks at a socket of its folder. */
const MAY_CONNECT: ReadonlySet<string> = new Set(['apps/server/src/node/folder-lock.ts']);
const ASKING_IMPORT =
  /\bimport\s*\{[^}]*\b(?:request|get|connect|createConnection)\b[^}]*\}\s*from\s*(?=['"])/g;
const ASKING_MODULES: ReadonlySet<string> = new Set(['node:http', 'node:net', 'node:tls']);

/**
 * Every module from outside that runs on a node. Of one that could ask other hosts, or runs what SQL it is
 * given, the files that may import it: whoever reads those has seen all that it is used for.
 */
const OUTSIDE: ReadonlyMap<string, 'asks nobody' | readonly string[]> = new Map<
  string,
  'asks nobody' | readonly string[]
>([
  ['@hono/node-server', 'asks nobody'],
  // Asks for lists of revoked certificates where an authenticator tells of its maker: none may.
  ['@simplewebauthn/server', ['apps/server/src/sign-in/passkey.ts']],
  ['@simplewebauthn/server/helpers', ['apps/server/src/sign-in/passkey.ts']],
  ['@zxcvbn-ts/core', 'asks nobody'],
  ['@zxcvbn-ts/language-common', 'asks nobody'],
  ['hono', 'asks nobody'],
  // Keys can be had from an address; ours are a file.
  ['jose', ['apps/server/src/evidence/role-keys.ts']],
  ['kysely', 'asks nobody'],
  ['kysely/migration', 'asks nobody'],
  ['node:sqlite', ['packages/storage/src/sqlite/node-sqlite.ts']],
  // The one connection that a node opens, to where FARANDOLE_DATABASE_URL says.
  ['pg', ['packages/storage/src/postgres/postgres-database.ts']],
  ['pino', 'asks nobody'],
  // Can push what it counted; here it is asked for it.
  ['prom-client', ['apps/server/src/observe/metrics.ts']],
  ['rate-limiter-flexible', 'asks nobody'],
  ['typebox', 'asks nobody'],
  ['typebox/schema', 'asks nobody'],
  // Both ends of a WebSocket: these have the server's.
  ['ws', ['apps/server/src/transport/ws-socket.ts', 'apps/server/src/transport/ws-listener.ts']],
]);

/**
 * What runs for people starts no program, makes no code, no pattern and no markup of what somebody
 * sent, and asks no other host for anything, but for the operator's database: docs/security.md builds on it.
 */
export function hazardFaults(tree: Tree): Fault[] {
  return tree.sources.filter(({ path }) => isOfProduction(path)).flatMap(faultsOf);
}

function isOfProduction(path: string): boolean {
  return /^(?:packages\/[^/]+|apps\/(?:console|server|web))\/src\//.test(path);
}

function faultsOf(source: Source): Fault[] {
  const isOfPage = /^(?:apps\/(?:console|web)|packages\/look)\//.test(source.path);
  const hazards = [...ANYWHERE, ...(isOfPage ? IN_THE_PAGE : ON_A_NODE)];
  const faultAt = (offset: number, message: string): Fault => ({
    path: source.path,
    line: lineAt(source.text, offset),
    message,
  });
  return [
    ...hazards.flatMap(({ form, message }) =>
      Array.from(source.code.matchAll(form), ({ index }) => faultAt(index, message)),
    ),
    ...(isOfPage ? [] : moduleFaults(source, faultAt)),
  ];
}

function moduleFaults(
  source: Source,
  faultAt: (offset: number, message: string) => Fault,
): Fault[] {
  const literalAt = new Map(source.strings.map(({ offset, value }) => [offset, value]));
  const named = importsOf(source).flatMap(({ specifier, offset }) => {
    const message = MODULES.get(specifier.replace(/^node:/, ''));
    return message === undefined ? [] : [faultAt(offset, message)];
  });
  const outside = importsOf(source).flatMap(({ specifier, offset }) => {
    const message = outsideMessage(source.path, specifier);
    return message === null ? [] : [faultAt(offset, message)];
  });
  const asking = Array.from(source.code.matchAll(ASKING_IMPORT)).filter((match) =>
    ASKING_MODULES.has(literalAt.get(match.index + match[0].length) ?? ''),
  );
  return MAY_CONNECT.has(source.path)
    ? [...named, ...outside]
    : [
        ...named,
        ...outside,
        ...asking.map(({ index }) => faultAt(index, 'A node asks no other host for anything.')),
      ];
}

/** What is wrong with importing a module in a file of a node; null where it may. */
function outsideMessage(path: string, specifier: string): string | null {
  const importers = OUTSIDE.get(specifier);
  if (importers === undefined) {
    const isOurs = /^(?:$|\.|node:|@farandole\/)/.test(specifier);
    return isOurs || MODULES.has(specifier)
      ? null
      : `${specifier} is not in OUTSIDE of the hazards: say there whether it can ask other hosts.`;
  }
  return importers === 'asks nobody' || importers.includes(path)
    ? null
    : `${specifier} is imported by ${importers.join(' and ')} alone.`;
}
