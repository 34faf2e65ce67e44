/**
 * The rooms of the house: what each is for and what it may import. `docs/ARCHITECTURE.md` tells
 * the same to people; this table is what the tidy test holds the code to.
 */
export interface Room {
  /** Its folder; a room's package is `@farandole/` and the folder's last name. */
  readonly folder: string;
  readonly purpose: string;
  /** Pure: names neither time nor chance nor any input or output of its own. */
  readonly pure: boolean;
  /** The rooms that its sources may import. */
  readonly rooms: readonly string[];
  /** The packages from outside that its sources may import. */
  readonly packages: readonly string[];
  /** Whether its sources may import `node:` modules. */
  readonly node: boolean;
  /**
   * The packages that its build may use: configuration of tools, and its `scripts` folder, which
   * run in Node whatever the room is.
   */
  readonly buildPackages?: readonly string[];
  /** Folders at the root, of data, from which it alone may import files. */
  readonly data?: readonly string[];
  /**
   * The folders of its sources, from the top down: no file imports from a folder above its own, not
   * even a type. Folders that stand together may import each other. The files beside the folders
   * are `.`.
   */
  readonly layers?: readonly (readonly string[])[];
  /** What its tests may import besides, with the reason. Tests may always import fast-check. */
  readonly tests?: {
    readonly why: string;
    readonly rooms?: readonly string[];
    readonly packages?: readonly string[];
  };
}

export const ROOMS: readonly Room[] = [
  {
    folder: 'packages/kernel',
    purpose: 'What even pure code needs: assertions, clocks, chance, ids, results.',
    pure: true,
    rooms: [],
    packages: [],
    node: false,
  },
  {
    folder: 'packages/protocol',
    purpose: 'Every message between a participant and a node, once, as schema and type.',
    pure: true,
    rooms: ['kernel'],
    packages: ['typebox'],
    node: false,
  },
  {
    folder: 'packages/matchmaking',
    purpose: 'Decides who may meet whom.',
    pure: true,
    rooms: ['kernel'],
    packages: [],
    node: false,
  },
  {
    folder: 'packages/accounts',
    purpose: 'The staff of a server: members, roles, and how they sign in.',
    pure: true,
    rooms: ['kernel'],
    packages: [],
    node: false,
  },
  {
    folder: 'packages/moderation',
    purpose: 'From reports to decisions, sanctions and appeals.',
    pure: true,
    // Each command asks the permission table of accounts who may run it.
    rooms: ['kernel', 'accounts'],
    packages: [],
    node: false,
  },
  {
    folder: 'packages/ui',
    purpose: 'What the page and the console look and speak like, and how they are packed.',
    pure: false,
    rooms: ['kernel'],
    packages: ['@fontsource/bricolage-grotesque', '@preact/signals', 'preact'],
    node: false,
    buildPackages: ['vite'],
    data: ['locales'],
  },
  {
    folder: 'packages/gateway',
    purpose: 'Sessions, calls and the relay of what passes between two people.',
    pure: true,
    rooms: ['kernel', 'protocol', 'matchmaking'],
    packages: [],
    node: false,
    tests: {
      why: 'The simulation runs the gateway over the local broker and lease, and parses planted bugs.',
      rooms: ['cluster'],
      packages: ['rolldown'],
    },
  },
  {
    folder: 'packages/storage',
    purpose: 'What moderation keeps, in SQLite or PostgreSQL.',
    pure: false,
    rooms: ['kernel', 'accounts', 'moderation'],
    packages: ['kysely', 'pg'],
    node: true,
  },
  {
    folder: 'packages/cluster',
    purpose: 'Several nodes as one: broker, pool lease, pool host.',
    pure: false,
    rooms: ['kernel', 'matchmaking', 'gateway'],
    packages: [],
    node: true,
  },
  {
    folder: 'apps/server',
    purpose: 'One node: puts the rooms together and owns the only timer.',
    pure: false,
    rooms: [
      'kernel',
      'protocol',
      'matchmaking',
      'accounts',
      'moderation',
      'ui',
      'gateway',
      'storage',
      'cluster',
    ],
    packages: [
      '@hono/node-server',
      '@simplewebauthn/server',
      '@zxcvbn-ts/core',
      '@zxcvbn-ts/language-common',
      'fflate',
      'hono',
      'jose',
      'jsonc-parser',
      'otpauth',
      'pino',
      'prom-client',
      'rate-limiter-flexible',
      'ws',
    ],
    node: true,
    tests: {
      why: "Resume is shown with the page's own signal client, through the bad network of e2e.",
      rooms: ['web', 'e2e'],
    },
  },
  {
    folder: 'apps/web',
    purpose: "The participant's page.",
    pure: false,
    rooms: ['kernel', 'ui', 'protocol'],
    packages: [
      '@preact/signals',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-core',
      'preact',
    ],
    node: false,
    // From nsfwjs: the model's files, which the build makes ours.
    buildPackages: ['nsfwjs', 'vite'],
    layers: [
      ['gallery'],
      ['.'],
      ['effects', 'screens'],
      ['fakes'],
      ['state'],
      [
        'call',
        'chat',
        'devices',
        'report',
        'shield',
        'signal',
        'a11y',
        'keyboard',
        'sound',
        'ui',
        'help',
      ],
      ['base', 'i18n'],
    ],
  },
  {
    folder: 'apps/console',
    purpose: 'The page on which moderators decide.',
    pure: false,
    // What may be done with a case, and by whom, it asks of the same tables as the node.
    rooms: ['kernel', 'ui', 'accounts', 'moderation', 'protocol'],
    packages: ['@preact/signals', 'preact'],
    node: false,
    buildPackages: ['vite'],
  },
  {
    folder: 'apps/bench',
    purpose: 'Benchmarks: ours beside a floor, in one run.',
    pure: false,
    // From e2e: the browser, the node in a process of its own, and a person who clicks.
    rooms: ['kernel', 'protocol', 'matchmaking', 'e2e'],
    packages: ['ws'],
    node: true,
  },
  {
    folder: 'e2e',
    purpose: 'Real browsers against a real server, one story a file; starts processes only.',
    pure: false,
    rooms: [],
    packages: ['@axe-core/playwright', '@playwright/test', 'axe-core', 'lighthouse', 'ws'],
    node: true,
  },
  {
    folder: 'scripts',
    purpose: 'Set-up, checks and the commands of package.json; run before any package is there.',
    pure: false,
    rooms: [],
    packages: ['@stryker-mutator/instrumenter', 'oxc-parser', 'recheck', 'vite'],
    node: true,
  },
];

/** The name by which other rooms import it. */
export function nameOfRoom({ folder }: Room): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/** The room that a file is in, or null for files of the root, docs and the like. */
export function roomOf(path: string): Room | null {
  return ROOMS.find(({ folder }) => path.startsWith(`${folder}/`)) ?? null;
}

/** Whether a file builds its room or configures a tool for it, and so never runs with it. */
export function isOfBuild(path: string): boolean {
  return path.endsWith('.config.ts') || /^(?:packages|apps)\/[^/]+\/scripts\//.test(path);
}

/** Whether a file of a room is one of its tests or only serves them. */
export function isOfTests(path: string): boolean {
  return /^(?:[^/]+\/)?[^/]+\/test\//.test(path);
}
