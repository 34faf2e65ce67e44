import type { ReportView } from '../report/reporting-view.ts';
import { REPORT_LINES, REPORT_PICTURES } from './sample-chats.ts';
import type { SceneState } from './scene-state.ts';

const REPORT: ReportView = {
  state: 'choosing',
  reason: null,
  goesInMs: null,
  note: '',
  noteRemaining: 500,
  linesAttached: 3,
  lines: REPORT_LINES,
  pictures: [],
  picturesState: 'none',
  picturesAttached: 0,
  code: null,
  merged: false,
  refusal: null,
};

/** The sheet of a report, at each step, over the call that it ended. */
export function reportScenes(ended: SceneState) {
  const reported = (report: Partial<ReportView>): SceneState => ({
    ...ended,
    report: { ...REPORT, ...report },
  });
  return {
    'report-choosing': reported({}),
    'report-held': reported({ goesInMs: 17_000 }),
    'report-pictures': reported({
      ...{ reason: 'sexual-content', goesInMs: 20_000 },
      pictures: REPORT_PICTURES,
      picturesState: 'attached',
      picturesAttached: REPORT_PICTURES.length - 1,
    }),
    // What stands below the reasons where pictures may go with most of them.
    'report-choosing-pictures': reported({
      picturesState: 'attached',
      picturesAttached: REPORT_PICTURES.length,
    }),
    'report-without-pictures': reported({
      ...{ state: 'accepted', reason: 'hate', code: 'K7-QM-4T' },
      picturesState: 'failed',
    }),
    'report-sending': reported({ state: 'sending', reason: 'hate' }),
    'report-waiting': reported({ state: 'waiting', reason: 'hate' }),
    'report-accepted': reported({ state: 'accepted', reason: 'hate', code: 'K7-QM-4T' }),
    'report-accepted-help': reported({
      state: 'accepted',
      reason: 'self-harm',
      code: 'K7-QM-4T',
      merged: true,
    }),
    'report-accepted-countries': {
      ...reported({ state: 'accepted', reason: 'may-be-under-18', code: 'K7-QM-4T' }),
      server: {
        ...ended.server,
        helpLines: { anybody: null, children: 'FR=tel:119,DE=tel:116111,BE=https://example.org/' },
      },
    },
    'report-refused': reported({ state: 'refused', reason: 'hate', refusal: 'not-stored' }),
  } as const satisfies Record<string, SceneState>;
}
