import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TaggedLine } from '@farandole/protocol/fields';
import { UNACKED_FRAMES_MAX } from '@farandole/protocol/limits';
import { HELD_LINES_MAX } from '../../src/limits.ts';
import type { GatewaySizes } from '../../src/ports.ts';
import type { Decided } from './oracle/decisions.ts';
import { type Entry, History } from './oracle/history.ts';
import type { MatchModel, MatchSide, SearchModel, SessionModel } from './oracle/model.ts';
import { Oracle } from './oracle/oracle.ts';
import { Recent } from './oracle/recent.ts';
import type { Invariant } from './oracle/violation.ts';
import { checkAll } from './oracle/walk.ts';
import { checkMayMeet } from './oracle/who-may-meet.ts';
import type { WorldRules } from './rules.ts';

// What the oracle finds without a node: things that no step has touched, and so no planted bug shows.

const KEPT_OUT: Decided = {
  ...{ on: 'subject', name: 'subject-ada', may: 'nothing' },
  ...{ because: 'decision', appeal: null },
};

function session(name: string): SessionModel {
  return {
    ...{ subject: `subject-${name}`, deviceKey: `device-${name}`, connection: `socket-${name}` },
    ...{ isOpen: true, search: null, match: null, restoring: null, seat: null, epochTold: 1 },
    ...{ place: { clientAddress: '198.51.100.9', isLocal: false }, takenAtMs: -1e9 },
  } as SessionModel;
}

const NOTHING_HELD: GatewaySizes = {
  ...{ connections: 0, sessions: 0, deadlines: 0, usedTickets: 0, ageRefusals: 0 },
  ...{ recentBlocks: 0, reports: 0, restores: 0, pendingWrites: 0, offerChars: 0 },
  ...{ searches: 0, calls: 0, gates: 0, heldLines: 0 },
};

/** Two people in a call, as everything should be. */
class Scene {
  readonly oracle = new Oracle({ config: {} } as WorldRules, new Recent(1));
  readonly ada = session('ada');
  readonly bo = session('bo');
  readonly match = this.open('match');

  constructor() {
    const { bySubject, sessions } = this.oracle.model;
    for (const each of [this.ada, this.bo]) {
      each.match = this.match;
      sessions.set(each.subject, each);
      bySubject.set(each.subject, each);
    }
  }

  open(id: string): MatchModel {
    const [a, b] = [this.ada, this.bo].map(
      (of) =>
        ({
          ...{ subject: of.subject, deviceKey: of.deviceKey, session: of },
          ...{ lacksUpTo: 0, letGo: new Set<number>() },
        }) as MatchSide,
    );
    const lines: TaggedLine[] = [];
    const match = { id, state: 'live', mode: 'text', epoch: 1, a, b, lines } as MatchModel;
    this.oracle.model.matches.set(id, match);
    return match;
  }

  check(calls: number, sizes: Partial<GatewaySizes> = {}): void {
    const gateway: GatewaySizes = { ...NOTHING_HELD, calls, ...sizes };
    const held = { gateway, pairs: { encounters: 0, blocks: 0 }, poolWaiting: 0 };
    checkAll(this.oracle, { online: 2, detached: 0, waiting: 0, calls }, held);
  }
}

describe('a session without a socket for which too much may be kept', () => {
  it('is believed to be over, and not another of which somebody on the line would have heard', () => {
    const { oracle, ada, bo } = new Scene();
    const cy = session('cy');
    oracle.model.sessions.set(cy.subject, cy);
    for (const each of [ada, cy]) {
      Object.assign(each, { connection: null, sent: UNACKED_FRAMES_MAX, acknowledged: 0 });
      oracle.backlogs.linkChanged(each);
      oracle.backlogs.told(each);
    }
    assert.deepEqual([...oracle.backlogs.doubted], [ada, cy]);
    oracle.believe({ detached: 1 });
    assert.deepEqual([ada.isOpen, bo.isOpen, cy.isOpen], [true, true, false]);
  });
});

describe('the walk over everything', () => {
  it('finds nothing where two people are in a call', () => {
    assert.doesNotThrow(() => new Scene().check(1));
  });

  it('[I10] finds searches, calls, gates and lines that wait for nobody', () => {
    for (const sizes of [{ searches: 1 }, { calls: 2 }, { gates: 1 }, { heldLines: 1 }]) {
      assert.throws(() => new Scene().check(1, sizes), { name: 'Violation', invariant: 'I10' });
    }
  });

  it('[I10] allows as many lines to wait as came after those that one of the two lacks', () => {
    const scene = new Scene();
    const { match } = scene;
    Object.assign(match.a ?? {}, { lacksUpTo: 2 });
    match.lines.length = 5;
    assert.doesNotThrow(() => scene.check(1, { heldLines: 3 }));
    assert.throws(() => scene.check(1, { heldLines: 4 }), { invariant: 'I10' });
    match.lines.length = 2 + HELD_LINES_MAX + 1;
    assert.throws(() => scene.check(1, { heldLines: 1 }), { invariant: 'I10' });
  });

  const faults: Readonly<Record<string, readonly [Invariant, (scene: Scene) => void]>> = {
    'one person in two calls': ['I1', (scene) => scene.open('another')],
    'one person alone in a call': ['I1', ({ match }) => Object.assign(match, { b: null })],
    'somebody in a call who waits for one to come back': [
      'I1',
      ({ ada, match }) => Object.assign(ada, { restoring: match }),
    ],
    'a second session of one person': [
      'I1',
      ({ oracle, ada }) => oracle.model.bySubject.set(ada.subject, session('ada')),
    ],
    'two tabs of one device in a call': [
      'I2',
      ({ match, bo }) => {
        Object.assign(bo, { deviceKey: 'device-ada' });
        Object.assign(match.b ?? {}, { deviceKey: 'device-ada' });
      },
    ],
    'somebody under age in a call': [
      'I2',
      ({ oracle, ada }) => oracle.known.refuseAge(ada.subject),
    ],
    'a call that one of the two has left': ['I4', ({ ada }) => Object.assign(ada, { match: null })],
    'a call of a session that is over': ['I4', ({ ada }) => Object.assign(ada, { isOpen: false })],
    'somebody in a call under another epoch': [
      'I7',
      ({ ada }) => Object.assign(ada, { epochTold: 2 }),
    ],
    "somebody in another's place": [
      'I7',
      ({ match }) => Object.assign(match.a ?? {}, { subject: 'subject-cleo' }),
    ],
    'somebody in a call whom people keep out': [
      'GW-15',
      ({ oracle }) => oracle.known.decisions.add(KEPT_OUT),
    ],
    'a call by video of somebody who may only write': [
      'GW-15',
      ({ oracle, match }) => {
        match.mode = 'video';
        oracle.known.decisions.add({ ...KEPT_OUT, may: 'text' });
      },
    ],
  };
  for (const [what, [invariant, spoil]] of Object.entries(faults)) {
    it(`[${invariant}] finds ${what}`, () => {
      const scene = new Scene();
      spoil(scene);
      const { size } = scene.oracle.model.matches;
      assert.throws(() => scene.check(size), { name: 'Violation', invariant });
    });
  }
});

describe('the history of who was in which call', () => {
  const begins = (subject: string, match: string, step = 1): Entry => ({
    op: 'begins',
    ...{ step, subject, match },
  });
  const ends = (subject: string, match: string): Entry => ({ op: 'ends', subject, match });
  const both = (match: string, step = 1) => [begins('ada', match, step), begins('bo', match, step)];

  function replay(...entries: readonly Entry[]): void {
    const history = new History();
    for (const entry of entries) history.note(entry);
    history.check();
  }

  it('allows one call after the other, a way back, and whatever came before a session ended', () => {
    replay(...both('one'), ends('ada', 'one'), ends('bo', 'one'), ...both('two', 2));
    replay(...both('one'), { op: 'all-gone' }, begins('bo', 'one', 9), begins('ada', 'one', 9));
    replay(...both('one'), { op: 'gone', subject: 'ada' }, ends('bo', 'one'), ...both('two', 2));
    replay(...both('one'), begins('ada', 'one', 5), begins('bo', 'one', 6));
  });

  const broken: Readonly<Record<string, readonly Entry[]>> = {
    'a call begins within another': [...both('one'), begins('ada', 'two'), begins('cleo', 'two')],
    'a third person comes into a call': [...both('one'), begins('cleo', 'one')],
    'the other person comes later': [begins('ada', 'one', 1), begins('bo', 'one', 2)],
    'one person alone is in a call': [begins('ada', 'one')],
    'another call than that of now ends': [...both('one'), ends('ada', 'two')],
  };
  for (const [what, entries] of Object.entries(broken)) {
    it(`[I1] does not allow that ${what}`, () => {
      assert.throws(() => replay(...entries), { name: 'Violation', invariant: 'I1' });
    });
  }

  it('knows later what it replayed before, and forgets calls that nobody can come back to', () => {
    const history = new History();
    for (const entry of both('one')) history.note(entry);
    history.check();
    history.note(begins('ada', 'two', 2));
    assert.throws(() => history.check(), { invariant: 'I1' });
    const other = new History();
    for (const entry of [...both('one'), ends('ada', 'one'), ends('bo', 'one')]) other.note(entry);
    other.check();
    other.prune(() => false);
    for (const name of ['cleo', 'dee']) other.note(begins(name, 'one', 3));
    assert.doesNotThrow(() => other.check());
  });
});

it('[I2] nobody whom people keep out, or from video, is matched', () => {
  const { oracle, ada, bo } = new Scene();
  const search = (of: SessionModel, mode: 'text' | 'video'): SearchModel => ({
    session: of,
    wish: { mode } as SearchModel['wish'],
    interests: new Set<string>(),
    ...{ acceptedAtMs: 0, onlyShared: false, widenedAtMs: 0 },
  });
  const meet = (mode: 'text' | 'video') => () =>
    checkMayMeet('match', search(ada, mode), search(bo, mode), oracle.known, 0);
  assert.doesNotThrow(meet('video'));
  const mayWrite: Decided = { ...KEPT_OUT, may: 'text' };
  oracle.known.decisions.add(mayWrite);
  assert.doesNotThrow(meet('text'));
  assert.throws(meet('video'), { invariant: 'I2' });
  oracle.known.decisions.delete(mayWrite);
  for (const by of [
    KEPT_OUT,
    { ...KEPT_OUT, on: 'device', name: 'device-ada' },
    { ...KEPT_OUT, on: 'network', name: '198.51.100.9' },
  ] as const) {
    oracle.known.decisions.add(by);
    assert.throws(meet('text'), { invariant: 'I2' });
    oracle.known.decisions.delete(by);
  }
});
