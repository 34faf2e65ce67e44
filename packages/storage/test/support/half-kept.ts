import { separationIdOf } from '@farandole/moderation/apart/separation';
import type { Records } from '@farandole/moderation/store/records';

const ALL = 1_000_000;

/** Finds records whose transaction was stored only in part. Returns a description of each. */
export async function faultsOf(records: Records): Promise<readonly string[]> {
  const faults: string[] = [];
  const verdict = await records.audit.verify(null);
  if (!verdict.ok) faults.push(`the audit breaks at row ${verdict.at}`);
  const rows = await records.audit.after(0, ALL);
  const done = (action: string): number => rows.filter((row) => row.action === action).length;
  const reports = await records.reports.find({}, { limit: ALL });
  const decisions = await records.decisions.find({}, { limit: ALL });
  const appeals = await records.appeals.find({}, { limit: ALL });
  for (const [action, there] of [
    ['report.take', reports.length],
    ['case.decide', decisions.length],
    ['appeal.file', appeals.length],
  ] as const) {
    if (done(action) !== there) faults.push(`${there} of ${action}, and ${done(action)} rows`);
  }
  for (const of of await records.cases.find({}, { limit: ALL })) {
    const own = reports.filter((report) => report.case === of.id);
    if (own.length !== of.reports) faults.push(`${of.id} counts ${of.reports} of ${own.length}`);
    if (of.state !== 'closed') continue;
    if ((await records.decisions.get(of.decision)) === null)
      faults.push(`${of.id} has no decision`);
  }
  for (const { id, match, side } of reports) {
    const apart = await records.blocks.get(separationIdOf(match, side));
    if (apart === null) faults.push(`${id} keeps nobody apart`);
  }
  for (const { id, case: of } of decisions) {
    const sanctions = await records.sanctions.find({ decision: id }, { limit: 10 });
    const strikes = await records.strikes.find({ decision: id }, { limit: 10 });
    if (sanctions.length !== 2 || strikes.length !== 1) faults.push(`${id} is half there`);
    if ((await records.cases.get(of))?.state !== 'closed') faults.push(`${of} is not closed`);
    if ((await records.words.get('decision', id)) === null) faults.push(`${id} has no words`);
  }
  return faults;
}
