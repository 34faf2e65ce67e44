import type { NetworkName, ReportRecord } from '@farandole/gateway/ports';
import { brandId } from '@farandole/kernel/id';
import type { ReportInput } from '@farandole/moderation/cases/take-report';
import type { AnchorHash, CaseId, ReportId } from '@farandole/moderation/ids';
import { REPORT_REASONS } from '@farandole/moderation/reports/reason';

/**
 * Returns the id of a report in the store. In a call of two, the match and the reporter's seat also
 * say who was reported.
 */
export function reportIdOf({
  match,
  reporterSide,
  reportedSide,
}: Pick<ReportRecord, 'match' | 'reporterSide' | 'reportedSide'>): ReportId {
  return brandId<ReportId>(`${match}-${reporterSide}${reportedSide ?? ''}`);
}

/** Returns the input with which the store takes a report. */
export function reportInputOf(
  record: ReportRecord,
  fresh: Pick<ReportInput, 'noticeDelayMs'> & { readonly caseId: string },
): ReportInput {
  const { match, by, of, ofDevice, note, lines, code, from, byDevice, ofNetwork } = record;
  const { lastedMs, atWallMs, overBudget, call, reportedSide } = record;
  return {
    report: {
      id: reportIdOf(record),
      match,
      by,
      of,
      ofDevice,
      // The protocol validates reasons, but a later version with more reasons may have written a
      // file that is imported.
      reason: REPORT_REASONS.find((reason) => reason === record.reason) ?? 'other',
      note,
      lines: lines.length,
      evidence: evidenceOf(record),
      ...(from !== undefined && { from: anchorsOf(from) }),
      ...(byDevice !== undefined && { byDevice }),
      ...(lastedMs !== undefined && { lastedMs }),
      ...(call?.metBy !== undefined && { metBy: call.metBy }),
      atMs: atWallMs,
    },
    said: lines,
    code,
    asked: record.id,
    ...(ofNetwork !== undefined && { ofNetwork }),
    side: record.reporterSide,
    ...(reportedSide !== undefined && { reportedSide }),
    freshCase: brandId<CaseId>(fresh.caseId),
    noticeDelayMs: fresh.noticeDelayMs,
    ...(overBudget === true && { overBudget }),
    ...(call !== undefined && { call }),
  };
}

function anchorsOf({ network, parent }: NetworkName): NonNullable<ReportInput['report']['from']> {
  return { network: brandId<AnchorHash>(network), parent: brandId<AnchorHash>(parent) };
}

/** The gateway verified the tag of each chat line. If a tag was forged, the report has no lines. */
function evidenceOf({ contradicted, lines }: ReportRecord): ReportInput['report']['evidence'] {
  if (contradicted === true) return 'contradicted';
  return lines.length > 0 ? 'verified' : 'inconclusive';
}
