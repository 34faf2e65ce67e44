import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import type { NodeMessage, NodeMessageOf } from '@farandole/protocol/node-message';
import { QUESTION_REPEATED_EVERY_MS } from '../src/limits.ts';
import type { NodeChannel } from '../src/node-channel.ts';
import { Questions, type Verdict } from '../src/questions.ts';

const [OWN, ONE, TWO] = ['node-own', 'node-one', 'node-two'].map((name) => brandId<NodeId>(name));
const SUBJECT = 'subject-ada';

const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms });

class Asker {
  readonly asked: NodeMessageOf<'who.subject'>[] = [];
  readonly verdicts: Verdict[] = [];
  readonly live = new Set<NodeId>([OWN, ONE, TWO] as NodeId[]);
  isFenced = false;
  readonly questions: Questions;

  constructor() {
    let questions = 0;
    const channel: NodeChannel = {
      attach: () => {},
      send: () => {},
      broadcast: (message: NodeMessage) => {
        if (message.type === 'who.subject') this.asked.push(message);
      },
      members: () =>
        new Map(
          [...this.live].map((name) => [
            name,
            { version: '1', online: 0, isDraining: false, readsAcks: true },
          ]),
        ),
      isFenced: () => this.isFenced,
    };
    this.questions = new Questions(channel, OWN as NodeId, () => `question-${questions++}`);
  }

  ask(rank = '5', ms = 0): void {
    const done = (verdict: Verdict): void => void this.verdicts.push(verdict);
    this.questions.ask({ subject: SUBJECT, rank, done }, at(ms));
  }

  answer(
    from: NodeId | undefined,
    has: NodeMessageOf<'who.answer'>['has'],
    generation = 0,
    question = this.asked.at(-1)?.question ?? '',
  ): void {
    const message = { type: 'who.answer', v: 1, question, has, generation } as const;
    this.questions.answered(from as NodeId, message, at(1));
  }
}

it('[CL-75] answers when every live node has answered, with the largest generation', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'session', 3);
  asker.answer(ONE, 'session', 9);
  assert.deepEqual(asker.verdicts, []);
  asker.answer(TWO, 'session', 4);
  assert.deepEqual(asker.verdicts, [{ has: 'session', node: TWO, generation: 4 }]);
  assert.equal(asker.questions.size, 0);
});

it('[CL-234] needs no further answer once a node knows a newer generation', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'newer', 3);
  assert.deepEqual(asker.verdicts, [{ has: 'session', node: ONE, generation: 3 }]);
  assert.equal(asker.questions.size, 0);
});

it('[CL-75] says that no node has a session only after all said so', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'nothing');
  asker.questions.memberGone(TWO as NodeId, at(2));
  assert.deepEqual(asker.verdicts, [{ has: 'nothing' }]);
});

it('[CL-75] forgets the answer of a node that died', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'session', 3);
  asker.questions.memberGone(ONE as NodeId, at(2));
  asker.answer(TWO, 'nothing');
  assert.deepEqual(asker.verdicts, [{ has: 'nothing' }]);
});

it('[CL-75] QUESTION_REPEATED_EVERY_MS: repeats an incomplete question after this time', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'nothing');
  asker.questions.tick(at(QUESTION_REPEATED_EVERY_MS - 1));
  assert.equal(asker.asked.length, 1);
  asker.questions.tick(at(QUESTION_REPEATED_EVERY_MS));
  assert.equal(asker.asked.length, 2);
  asker.answer(TWO, 'nothing');
  assert.deepEqual(asker.verdicts, [], 'the first node must answer again');
  asker.answer(ONE, 'nothing');
  assert.equal(asker.verdicts.length, 1);
});

it('[CL-75] asks again while the session moves', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'later');
  asker.answer(TWO, 'nothing');
  assert.deepEqual(asker.verdicts, []);
  asker.questions.tick(at(QUESTION_REPEATED_EVERY_MS));
  asker.answer(ONE, 'session', 2);
  asker.answer(TWO, 'nothing');
  assert.deepEqual(asker.verdicts, [{ has: 'session', node: ONE, generation: 2 }]);
});

it('[CL-75] ends all questions of a fenced node without an answer', () => {
  const asker = new Asker();
  asker.ask();
  asker.questions.fenced(at(1));
  asker.isFenced = true;
  asker.ask();
  assert.deepEqual(asker.verdicts, [{ has: 'retry' }, { has: 'retry' }]);
});

it('[CL-75a] yields to a larger rank and makes a smaller one yield', () => {
  const asker = new Asker();
  const other = { type: 'who.subject', v: 1, question: 'question-9', subject: SUBJECT } as const;
  asker.ask('5');
  assert.equal(asker.questions.yields({ ...other, rank: '4' }, at(1)), true);
  assert.deepEqual(asker.verdicts, []);
  assert.equal(
    asker.questions.yields({ ...other, subject: 'subject-bo', rank: '6' }, at(1)),
    false,
  );
  assert.deepEqual(asker.verdicts, []);
  assert.equal(asker.questions.yields({ ...other, rank: '6' }, at(1)), false);
  assert.deepEqual(asker.verdicts, [{ has: 'retry' }]);
});

it('[CL-75a] ends an earlier question of the same node about the same user', () => {
  const asker = new Asker();
  asker.ask('5');
  asker.ask('6');
  assert.deepEqual(asker.verdicts, [{ has: 'retry' }]);
  asker.answer(ONE, 'yields');
  assert.deepEqual(asker.verdicts, [{ has: 'retry' }, { has: 'retry' }]);
});

it('[CL-75b] asks again until a node has the session that another node gave away', () => {
  const asker = new Asker();
  asker.ask();
  asker.answer(ONE, 'later', 7);
  asker.answer(TWO, 'nothing');
  assert.deepEqual(asker.verdicts, []);
  asker.questions.tick(at(QUESTION_REPEATED_EVERY_MS));
  asker.answer(ONE, 'later', 7);
  asker.answer(TWO, 'session', 7);
  assert.deepEqual(asker.verdicts, [{ has: 'session', node: TWO, generation: 7 }]);
});
