import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { AnchorHash, CaseId, ReportId } from '@farandole/moderation/ids';
import { NOTICE_DELAY_MS_MIN, SERVER_NETWORKS_MIN } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';

const subjectOf = (name: string): SubjectId => brandId<SubjectId>(`subject-of-${name}`);
const networkOf = (name: string): AnchorHash => brandId<AnchorHash>(`network-of-${name}`);

/**
 * One proven reporter and a newcomer together cause a restriction. Three proven reporters cause
 * a suspension.
 */
const REPORTERS = {
  restriction: ['reporter-1', 'newcomer'],
  hold: ['reporter-1', 'reporter-2', 'reporter-3'],
} as const;

/** Stores reports of several networks, so that software restricts or suspends the user. */
export async function measure(
  store: Pick<ModerationStore, 'run'>,
  subject: SubjectId,
  by: keyof typeof REPORTERS,
  atMs: number,
): Promise<CaseId> {
  for (let n = 0; n < SERVER_NETWORKS_MIN; n++) {
    const from = { network: networkOf(`place-${n}`), family: 'v4', bits: 24, atMs } as const;
    await store.run('anchors.see', { anchors: [{ ...from, subject: subjectOf(`person-${n}`) }] });
  }
  const calls = REPORTERS.hold.flatMap((name) =>
    ['one', 'two', 'three'].map((place) => ({
      ...{ subject: subjectOf(name), other: subjectOf(place) },
      ...{ counts: true, isMutual: true, lastedMs: 600_000, endedAtMs: atMs },
      ...{ network: networkOf(name), otherNetwork: networkOf(place) },
    })),
  );
  await store.run('sessions.clean', { subjects: [], calls, nowMs: atMs });
  let of = brandId<CaseId>(`case-${atMs}`);
  for (const [n, name] of REPORTERS[by].entries()) {
    const taken = await store.run('report.take', {
      report: {
        id: brandId<ReportId>(`report-${atMs}-${n}`),
        match: brandId(`match-${atMs}-${n}`),
        ...{
          by: subjectOf(name),
          of: subject,
          ofDevice: null,
          reason: 'sexual-content',
          note: null,
        },
        ...{ lines: 0, evidence: 'verified', lastedMs: 60_000, atMs: atMs + n },
        from: { network: networkOf(name), parent: networkOf(`around-${name}`) },
      },
      ...{ said: [], code: `CODE-${n}`, side: 'a', freshCase: of },
      noticeDelayMs: NOTICE_DELAY_MS_MIN,
    });
    of = taken.case;
  }
  return of;
}
