import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { defaultModes, NOT_HERE_TO_LEARN } from '@farandole/matchmaking/mode';
import { ReportReason } from '@farandole/protocol/fields';
import { Reports } from '../src/reports.ts';
import { reportsIn, talked } from './support/talked.ts';

test('[GW-58] closes a session that reports for a reason its mode lacks', () => {
  const modes = defaultModes().map((mode) => ({ ...mode, reportReasons: ['hate'] }));
  const { world, ada, call } = talked(3, { rules: { modes } });
  ada.report(call, { reason: 'other' });
  world.flush();
  assert.equal(ada.closedBy, 'malformed');
  assert.deepEqual(reportsIn(world), []);
  const other = talked(3, { rules: { modes } });
  other.ada.report(other.call, { reason: 'hate' });
  other.world.flush();
  assert.equal(reportsIn(other.world).length, 1);
});

test('[GW-58] each report reason of the protocol but that of exchanges is allowed in every mode', () => {
  const ofAll = ReportReason.enum.filter((reason) => reason !== NOT_HERE_TO_LEARN);
  for (const { reportReasons } of defaultModes()) assert.deepEqual(reportReasons, ofAll);
});

test('[GW-57] finds a report by match, reporter’s seat and reported user', () => {
  const [ada, bo, cy] = ['ada', 'bo', 'cy'].map((name) => brandId<SubjectId>(`subject-${name}`));
  assert.ok(ada !== undefined && bo !== undefined && cy !== undefined);
  const identity = { match: brandId<MatchId>('match-one'), reporterSide: 'a', of: bo } as const;
  const reports = new Reports();
  const rest = { id: 'report', code: 'code', by: ada, atWallMs: 0 };
  reports.replay({ kind: 'reported', ...rest, ...identity }, 0, 0);
  assert.equal(reports.find(identity, 0)?.code, 'code');
  assert.equal(reports.find({ ...identity, of: cy }, 0), undefined);
  assert.equal(reports.find({ ...identity, reporterSide: 'b' }, 0), undefined);
  assert.equal(reports.find({ ...identity, match: brandId<MatchId>('match-two') }, 0), undefined);
});
