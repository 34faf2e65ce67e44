import type { Scenario } from './options.ts';

export interface Entry {
  /**
   * Each scenario's module is imported only when that scenario runs, because some modules start
   * browsers.
   */
  readonly load: () => Promise<Scenario>;
  readonly shortRounds?: number;
  readonly shortConnections?: number;
  /** Whether the benchmark can measure the server on Bun. */
  readonly runsOnBun?: true;
}

export const SCENARIOS: Readonly<Record<string, Entry>> = {
  relay: {
    load: async () => (await import('./scenarios/relay.ts')).relay,
    shortRounds: 2,
    runsOnBun: true,
  },
  connect: { load: async () => (await import('./scenarios/connect.ts')).connect, runsOnBun: true },
  visit: {
    load: async () => (await import('./scenarios/visit.ts')).visit,
    shortRounds: 2,
    runsOnBun: true,
  },
  return: {
    load: async () => (await import('./scenarios/return.ts')).returning,
    shortRounds: 1,
    shortConnections: 400,
    runsOnBun: true,
  },
  'video-match': {
    load: async () => (await import('./scenarios/video-match.ts')).videoMatch,
    shortRounds: 2,
    runsOnBun: true,
  },
  peers: {
    load: async () => (await import('./scenarios/peers.ts')).peers,
    shortRounds: 1,
    runsOnBun: true,
  },
  filter: { load: async () => (await import('./scenarios/filter.ts')).filter, shortRounds: 5 },
  memory: {
    load: async () => (await import('./scenarios/memory.ts')).memory,
    shortRounds: 1,
    shortConnections: 2_000,
    runsOnBun: true,
  },
  scale: {
    load: async () => (await import('./scenarios/scale.ts')).scale,
    shortRounds: 1,
    shortConnections: 4_000,
  },
  crowd: {
    load: async () => (await import('./scenarios/crowd.ts')).crowd,
    shortRounds: 1,
    shortConnections: 2_000,
  },
  hostile: {
    load: async () => (await import('./scenarios/hostile.ts')).hostile,
    shortRounds: 1,
    shortConnections: 2_000,
  },
  siege: { load: async () => (await import('./scenarios/siege.ts')).siege, runsOnBun: true },
  reports: {
    load: async () => (await import('./scenarios/reports.ts')).reports,
    shortRounds: 1,
  },
  report: { load: async () => (await import('./scenarios/report.ts')).report, shortRounds: 1 },
  store: { load: async () => (await import('./scenarios/store.ts')).store, shortRounds: 1 },
  wide: {
    load: async () => (await import('./scenarios/wide.ts')).wide,
    shortRounds: 2,
    shortConnections: 320,
  },
  skip: {
    load: async () => (await import('./scenarios/skip.ts')).skip,
    shortConnections: 400,
  },
  match: { load: async () => (await import('./scenarios/match.ts')).match, shortRounds: 3 },
  evening: { load: async () => (await import('./scenarios/evening.ts')).evening },
  'first-frame': {
    load: async () => (await import('./scenarios/first-frame.ts')).firstFrame,
    shortRounds: 3,
  },
  flag: { load: async () => (await import('./scenarios/flag.ts')).flag, shortRounds: 5 },
  shield: { load: async () => (await import('./scenarios/shield.ts')).shield, shortRounds: 2 },
  blur: { load: async () => (await import('./scenarios/blur.ts')).blur, shortRounds: 1 },
};
