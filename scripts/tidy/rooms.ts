/**
 * The purpose and the allowed imports of a room, which is a package, an app or another top
 * folder. The tidy test enforces the imports. `docs/ARCHITECTURE.md` contains the same table.
 */
export interface Room {
  /**
   * Path of the room's folder. A package's name is `@farandole/` and the last part of this path.
   */
  readonly folder: string;
  readonly purpose: string;
  /** If true, the room reads no clock and uses no randomness and no I/O. */
  readonly pure: boolean;
  readonly rooms: readonly string[];
  readonly packages: readonly string[];
  readonly node: boolean;
  /** npm packages that only the room's tool configuration and its `scripts` folder may import. */
  readonly buildPackages?: readonly string[];
  /** Data folders in the root that no other room may import. */
  readonly data?: readonly string[];
  /**
   * The room's source folders from the top layer to the bottom one. A file must not import from
   * a higher layer, not even types. Folders of one layer may import each other. `.` stands for
   * the files outside all folders.
   */
  readonly layers?: readonly (readonly string[])[];
  /**
   * Imports that only tests of the room may have, with the reason. fast-check is always allowed
   * in tests.
   */
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
    // `accounts` is allowed because commands check permissions against its table.
    rooms: ['kernel', 'accounts'],
    packages: [],
    node: false,
    tests: {
      why: 'The simulation of evaders runs the pool.',
      rooms: ['matchmaking'],
    },
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
      why: 'The simulation runs the gateway over a pool, with bugs planted by e2e.',
      rooms: ['cluster', 'e2e'],
    },
  },
  {
    folder: 'packages/storage',
    purpose: 'What moderation keeps, in SQLite or PostgreSQL.',
    pure: false,
    rooms: ['kernel', 'accounts', 'moderation'],
    packages: ['kysely', 'pg'],
    node: true,
    tests: {
      why: 'Tests of time limits measure them with `RunningTime` of e2e.',
      rooms: ['e2e'],
    },
  },
  {
    folder: 'packages/cluster',
    purpose: 'Several nodes as one: broker, pool lease, pool host.',
    pure: false,
    rooms: ['kernel', 'protocol', 'matchmaking', 'gateway'],
    packages: ['iovalkey'],
    node: true,
    tests: {
      why: 'Tests choose ports and measure time limits with helpers of e2e.',
      rooms: ['e2e'],
    },
  },
  {
    folder: 'apps/server',
    purpose: 'One node: puts the rooms together and owns the timer that drives them.',
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
      '@noble/hashes',
      '@simplewebauthn/server',
      '@zxcvbn-ts/core',
      '@zxcvbn-ts/language-common',
      'altcha-lib',
      'fflate',
      'hono',
      'jose',
      'jsonc-parser',
      'nodemailer',
      'otpauth',
      'pino',
      'prom-client',
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
      '@sapphi-red/web-noise-suppressor',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-core',
      'altcha-lib',
      'preact',
    ],
    node: false,
    // The build converts the model files of nsfwjs, and changes the code of the virtual background.
    buildPackages: ['@shiguredo/virtual-background', 'nsfwjs', 'vite'],
    tests: {
      why: 'Its planting module puts bugs into the shield.',
      rooms: ['e2e'],
    },
    layers: [
      ['gallery'],
      ['.'],
      ['effects', 'screens'],
      ['fakes'],
      ['state'],
      [
        'call',
        'captions',
        'chat',
        'community',
        'devices',
        'report',
        'shield',
        'signal',
        'a11y',
        'keyboard',
        'sound',
        'ui',
        'help',
        'offline',
        'system',
      ],
      ['base', 'i18n'],
    ],
  },
  {
    folder: 'apps/console',
    purpose: 'The page on which moderators decide.',
    pure: false,
    // The console uses the node's own tables of permissions and case steps.
    rooms: ['kernel', 'ui', 'accounts', 'moderation', 'protocol'],
    packages: ['@preact/signals', 'preact'],
    node: false,
    buildPackages: ['vite'],
  },
  {
    folder: 'apps/bench',
    purpose: 'Benchmarks: ours beside a floor, in one run.',
    pure: false,
    // `e2e` provides the browser, the node process and the simulated user. `cluster` and `storage`
    // provide Valkey and PostgreSQL, `web` the logic of the page.
    rooms: ['kernel', 'protocol', 'matchmaking', 'moderation', 'storage', 'cluster', 'web', 'e2e'],
    packages: ['socket.io', 'ws'],
    node: true,
  },
  {
    folder: 'e2e',
    purpose: 'Real browsers against a real server, one story a file; starts processes only.',
    pure: false,
    rooms: [],
    // `oxc-parser` is allowed because support/planting parses the files in which tests plant bugs.
    packages: [
      '@axe-core/playwright',
      '@playwright/test',
      'altcha-lib',
      'axe-core',
      'lighthouse',
      'oxc-parser',
      'ws',
    ],
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

export function nameOfRoom({ folder }: Room): string {
  return folder.slice(folder.lastIndexOf('/') + 1);
}

/**
 * Returns the room that contains a path. Returns null for other files, such as those of the root
 * and of `docs`.
 */
export function roomOf(path: string): Room | null {
  return ROOMS.find(({ folder }) => path.startsWith(`${folder}/`)) ?? null;
}

/** Returns whether a file only builds or configures its room and never runs with it. */
export function isOfBuild(path: string): boolean {
  return path.endsWith('.config.ts') || /^(?:packages|apps)\/[^/]+\/scripts\//.test(path);
}

export function isOfTests(path: string): boolean {
  return /^(?:[^/]+\/)?[^/]+\/test\//.test(path);
}
