import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { TestPage } from './test-page.ts';

type Found = ServerMessageOf<'match.found'>;
type Meeting = readonly [ofOne: Found, ofOther: Found];
type ReportFields = Omit<ClientMessageOf<'report.create'>, 'type' | 'seq' | 'receipt'>;

let searches = 0;

export async function meet(one: TestPage, other: TestPage): Promise<Meeting> {
  for (const page of [one, other]) page.search(`search-${searches++}`);
  return [await one.next('match.found'), await other.next('match.found')];
}

export async function arriveAndMeet(one: TestPage, other: TestPage): Promise<Meeting> {
  for (const page of [one, other]) await page.arrive();
  return await meet(one, other);
}

/**
 * Mallory and the victim match, and the victim reports.
 * @returns the acknowledgement of the report
 */
export async function report(
  mallory: TestPage,
  victim: TestPage,
  fields: Partial<ReportFields> = {},
): Promise<ServerMessageOf<'report.accepted'>> {
  const [, { receipt }] = await arriveAndMeet(mallory, victim);
  const reason = 'threat-or-violence';
  victim.say('report.create', { id: 'report-of-victim', reason, lines: [], ...fields, receipt });
  const accepted = await victim.next('report.accepted');
  await mallory.next('call.ended');
  return accepted;
}
