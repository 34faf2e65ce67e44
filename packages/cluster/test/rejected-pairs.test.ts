import assert from 'node:assert/strict';
import { it } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Party } from '@farandole/matchmaking/ports';
import { REJECTED_PAIRS_MAX, REJECTED_REMEMBERED_MS } from '../src/limits.ts';
import { RejectedPairs } from '../src/rejected-pairs.ts';
import { twoNodes } from './support/small-cluster.ts';
import { NO_FACTS, ticketOf } from './support/tickets.ts';

const party = (subject: string): Party =>
  ({ subject: brandId<SubjectId>(subject) }) as unknown as Party;
const [ADA, BO] = [party('ada'), party('bo')];

it('[CL-39] REJECTED_REMEMBERED_MS: remembers a rejected pair this long, in both orders', () => {
  const pairs = new RejectedPairs(NO_FACTS);
  pairs.add(ADA.subject, BO.subject, 0);
  pairs.forgetOld(REJECTED_REMEMBERED_MS - 1);
  assert.ok(pairs.keptApart(ADA, BO) && pairs.keptApart(BO, ADA));
  assert.equal(pairs.keptApart(ADA, party('cy')), false);
  pairs.forgetOld(REJECTED_REMEMBERED_MS);
  assert.equal(pairs.keptApart(ADA, BO), false);
});

it('[CL-39] REJECTED_PAIRS_MAX: forgets the oldest rejected pair above the limit', () => {
  const pairs = new RejectedPairs(NO_FACTS);
  for (let at = 0; at < REJECTED_PAIRS_MAX; at++) pairs.add(ADA.subject, party(`${at}`).subject, 0);
  assert.ok(pairs.keptApart(ADA, party('0')));
  pairs.add(ADA.subject, BO.subject, 0);
  assert.equal(pairs.size, REJECTED_PAIRS_MAX);
  assert.deepEqual([pairs.keptApart(ADA, party('0')), pairs.keptApart(ADA, BO)], [false, true]);
});

it('[CL-39] proposes another pair after an owner rejected one as apart', () => {
  const { cluster, ada, bob } = twoNodes();
  ada.owner.answer = 'later';
  const [anna, bert] = [ticketOf(ada.node, 'anna'), ticketOf(bob.node, 'bert')];
  ada.owner.submit(anna, cluster.now);
  bob.owner.submit(bert, cluster.now);
  cluster.pass(200);
  const [first] = ada.owner.heard.proposed;
  assert.ok(first !== undefined);
  ada.matchmaker.reject(first.proposal.id, anna.id, true);
  cluster.pass(2_000);
  assert.equal(ada.owner.heard.proposed.length, 1);
  ada.owner.answerAll();
  bob.owner.submit(ticketOf(bob.node, 'cyd'), cluster.now);
  cluster.pass(200);
  assert.equal(ada.owner.matches.get(anna.id)?.length, 1);
});
