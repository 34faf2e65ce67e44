import type { Mode } from '@farandole/protocol/fields';
import type {
  OwnBlockView,
  OwnDecisionView,
  OwnMeetingView,
  OwnReportView,
} from '../report/reporting-view.ts';
import type { SceneState } from './scene-state.ts';

const AT_MS = Date.UTC(2026, 10, 20, 18, 30);
const MINUTE_MS = 60_000;

const STATES: readonly OwnReportView['state'][] = [
  'waiting',
  'received',
  'in-review',
  'action-taken',
  'no-breach',
  'refused',
  'gone',
];

/** Of these the server keeps nothing. */
const WITHOUT_PROOF: ReadonlySet<OwnReportView['state']> = new Set(['waiting', 'refused', 'gone']);

const REPORTS: readonly OwnReportView[] = STATES.map((state, n) => ({
  id: `report-${n}`,
  reason: n % 2 === 0 ? 'hate' : 'scam-or-spam',
  atMs: AT_MS - n * 1_440 * MINUTE_MS,
  state,
  code: state === 'waiting' || state === 'refused' ? null : `K7QM-4T0${n}`,
  proof: WITHOUT_PROOF.has(state) ? null : `K7QM-4T0${n}.proof`,
  isNews: state === 'action-taken',
}));

const MEETINGS: readonly OwnMeetingView[] = [
  { match: 'match-1', mode: 'video', atMs: AT_MS, reported: false, block: 'none' },
  { match: 'match-2', mode: 'text', atMs: AT_MS - 9 * MINUTE_MS, reported: true, block: 'none' },
  {
    match: 'match-3',
    mode: 'video',
    atMs: AT_MS - 31 * MINUTE_MS,
    reported: false,
    block: 'accepted',
  },
];

const DECISIONS: readonly OwnDecisionView[] = [
  { code: 'bm90LWEtcmVhbC1jb2RlLQ', may: 'nothing', atMs: AT_MS, endsAtMs: AT_MS + 604_800_000 },
  { code: 'YW5vdGhlci1vZi1ub25lLQ', may: 'text', atMs: AT_MS - 9e9, endsAtMs: null },
];

const DAY_MS = 1_440 * MINUTE_MS;
const BLOCK_STATES: readonly OwnBlockView['state'][] = ['none', 'removed', 'reported'];
const OTHER_BLOCK_STATES: readonly OwnBlockView['state'][] = [
  'asked',
  'waiting',
  'refused',
  'foreign',
  'lasting',
];

function blocksOf(states: readonly OwnBlockView['state'][]): readonly OwnBlockView[] {
  return states.map((state, n) => {
    const metAtMs = AT_MS - n * 9 * DAY_MS;
    const mode: Mode = n % 2 === 0 ? 'video' : 'text';
    const met = n === 3 ? null : { mode, atMs: metAtMs };
    return { match: `blocked-${n}`, atMs: metAtMs + 4 * MINUTE_MS, met, state };
  });
}

/** One's own reports and whom one met, with something and with news of it. */
export function recordScenes(landing: SceneState) {
  return {
    records: { ...landing, page: 'safety', reports: REPORTS, meetings: MEETINGS },
    'records-decisions': { ...landing, page: 'safety', decisions: DECISIONS },
    'records-none': { ...landing, page: 'safety' },
    'records-blocks': { ...landing, page: 'safety', blocks: blocksOf(BLOCK_STATES) },
    'records-blocks-kept': { ...landing, page: 'safety', blocks: blocksOf(OTHER_BLOCK_STATES) },
    'settings-own-data': {
      ...landing,
      settingsOpen: true,
      ownData: { step: 'sure', code: `own-${'K7QMx-_4'.repeat(8)}` },
    },
    'settings-own-data-refused': {
      ...landing,
      settingsOpen: true,
      ownData: { step: 'bad-code', code: null },
    },
    'landing-news': { ...landing, reports: REPORTS },
    'landing-warned': { ...landing, warning: { atMs: AT_MS, reason: 'hate' } },
  } as const satisfies Record<string, SceneState>;
}
