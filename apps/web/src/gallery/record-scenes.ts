import { refused } from '@farandole/kernel/result';
import type { ReportOutcome } from '@farandole/protocol/http-api';
import { ownDataBy } from '../report/own-data.ts';
import type { StoredReport } from '../report/stored-records.ts';
import type { Scene, Scenes } from './scene.ts';
import type { SceneWorld } from './scene-world.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const OUTCOMES: readonly (ReportOutcome | 'waiting' | 'refused')[] = [
  'waiting',
  'received',
  'in-review',
  'action-taken',
  'no-breach',
  'refused',
  'gone',
];

function keepReports({ records, outcomes, time, server }: SceneWorld): void {
  server.reportAnswer = 'silence';
  for (const [n, state] of OUTCOMES.entries()) {
    const id = `report-of-the-gallery-${n}`;
    const reason = n % 2 === 0 ? 'hate' : 'scam-or-spam';
    const code = `K7QM-4T0${n}`;
    const proof = `${code}.proof`;
    if (state !== 'waiting' && state !== 'refused') outcomes.set(proof, state);
    const kept: StoredReport['state'] =
      state === 'waiting'
        ? {
            state,
            message: {
              type: 'report.create',
              id,
              receipt: 'receipt-of-the-gallery',
              reason,
              lines: [],
            },
          }
        : state === 'refused'
          ? { state, refusal: 'bad-receipt' }
          : { state: 'accepted', code, proof, outcome: state, seen: state !== 'action-taken' };
    const atMs = time.wallMs() - n * DAY_MS;
    records.kept.set(id, { id, match: `match-of-report-${n}`, reason, atMs, state: kept });
  }
}

function keepMeetings({ records, time }: SceneWorld): void {
  for (const [n, ago] of [0, 9, 31].entries()) {
    const match = `match-${n}`;
    const mode = n === 1 ? 'text' : 'video';
    const atMs = time.wallMs() - ago * MINUTE_MS;
    records.met.set(match, { match, receipt: `receipt-${n}`, mode, atMs });
  }
  keepBlock('match-2')({ records, time });
}

/**
 * Stores a block that the user made `ago` days ago.
 * @param proof lets the user remove the block; `null` if the server gave none
 */
const keepBlock =
  (match: string, ago = 0, proof: string | null = `proof-of-${'you'.padEnd(87, 'k')}`) =>
  ({ records, time }: Pick<SceneWorld, 'records' | 'time'>): void => {
    const atMs = time.wallMs() - ago * DAY_MS;
    const met = ago === 27 ? null : { mode: 'video' as const, atMs };
    records.blocked.set(match, { match, atMs: atMs + 4 * MINUTE_MS, met, proof });
  };

const safety = (prepare: (world: SceneWorld) => void, then?: Scene['play']): Scene => ({
  page: 'safety',
  async play(world) {
    prepare(world);
    await world.open();
    world.you.app.records.startViewing();
    await world.time.quiet();
    await then?.(world);
    await world.time.quiet();
  },
});

export const recordScenes = {
  records: safety((world) => {
    keepReports(world);
    keepMeetings(world);
  }),
  'records-decisions': safety(({ records, time }) => {
    const atMs = time.wallMs();
    const [week, earlier] = ['bm90LWEtcmVhbC1jb2RlLQ', 'YW5vdGhlci1vZi1ub25lLQ'];
    records.told.set(week, { code: week, may: 'nothing', atMs, endsAtMs: atMs + 7 * DAY_MS });
    records.told.set(earlier, { code: earlier, may: 'text', atMs: atMs - 9e9, endsAtMs: null });
  }),
  'records-none': safety(() => {}),
  'records-blocks': safety(
    (world) => {
      for (const n of [0, 1, 2]) keepBlock(`blocked-${n}`, n * 9)(world);
      const answer = { code: 'K7QM-4T00', proof: 'a proof', outcome: 'received' } as const;
      world.records.kept.set('a-report', {
        ...{ id: 'a-report', match: 'blocked-2', reason: 'hate', atMs: world.time.wallMs() },
        state: { state: 'accepted', ...answer, seen: true },
      });
    },
    async ({ you }) => you.app.records.unblock('blocked-1'),
  ),
  'records-blocks-kept': safety(
    (world) => {
      for (const n of [0, 1]) keepBlock(`blocked-${n}`, n * 9)(world);
      keepBlock('blocked-2', 18, 'proof-of-another')(world);
      keepBlock('blocked-3', 27, null)(world);
    },
    async ({ you, server, time }) => {
      server.unblockAnswer = 'not-stored';
      you.app.records.unblock('blocked-1');
      await time.quiet();
      server.unblockAnswer = 'accept';
      you.app.records.unblock('blocked-2');
      await time.quiet();
      server.unblockAnswer = 'silence';
      you.app.records.unblock('blocked-0');
    },
  ),
  'records-blocks-waiting': safety(
    (world) => keepBlock('blocked-0')(world),
    async (world) => {
      await world.cut(true);
      world.you.app.records.unblock('blocked-0');
    },
  ),
  async 'settings-own-data'(world) {
    const code = `own-${'K7QMx-_4'.repeat(8)}`;
    const value = { did: 'code', code } as const;
    await world.open({ ports: { askOwnData: async () => ({ ok: true, value }) } });
    world.you.app.settings.open();
    ownDataBy(world.you.app.records.askOwnData).showCode();
    await world.time.quiet();
    ownDataBy(world.you.app.records.askOwnData).wantErased();
  },
  async 'settings-own-data-refused'(world) {
    await world.open({ ports: { askOwnData: async () => refused('refused') } });
    world.you.app.settings.open();
    ownDataBy(world.you.app.records.askOwnData).save('another-code');
    await world.time.quiet();
  },
  async 'landing-news'(world) {
    keepReports(world);
    await world.open();
  },
  async 'landing-warned'(world) {
    world.warning = { atMs: Date.UTC(2026, 10, 20, 18, 30), reason: 'hate' };
    await world.open();
  },
} as const satisfies Scenes;
