import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AssertionError } from '@farandole/kernel/assert';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import { DeadlineQueue } from '../src/deadline-queue.ts';
import type { Due } from '../src/due.ts';
import {
  type Activity,
  type Link,
  nextSessionState,
  type SessionEvent,
  type SessionState,
} from '../src/session.ts';

const connection = brandId<ConnectionId>('connection-one');
const grace = new DeadlineQueue<Due>().add(1, { due: 'drain' });

const ATTACHED: Link = { state: 'attached', connection };
const DETACHED: Link = { state: 'detached', grace };
/**
 * An activity without its other fields is enough here, because a transition depends only on the
 * activity's `state`.
 */
const kind = (state: Activity['state']): Activity => ({ state }) as Activity;
const ACTIVITIES = (['idle', 'searching', 'restoring', 'rejoining', 'in-call'] as const).map(kind);

const open = (link: Link, activity: Activity): SessionState => ({ state: 'open', link, activity });

test('[PR-13] a session keeps its search or call when its socket is lost', () => {
  for (const activity of ACTIVITIES) {
    const detached = nextSessionState(open(ATTACHED, activity), { event: 'detached', grace });
    assert.deepEqual(detached, open(DETACHED, activity));
    const attached = nextSessionState(detached, { event: 'attached', connection });
    assert.deepEqual(attached, open(ATTACHED, activity));
  }
});

test('[PR-31] a session allows only listed changes between search, restore, rejoin and call', () => {
  const allowed: Record<string, readonly string[]> = {
    searching: ['idle'],
    restoring: ['idle'],
    rejoining: ['idle'],
    'in-call': ['searching', 'restoring', 'rejoining', 'in-call'],
  };
  for (const from of ACTIVITIES) {
    for (const to of ACTIVITIES) {
      if (to.state === 'idle') continue;
      const event: SessionEvent = { event: 'began', activity: to };
      const next = (): SessionState => nextSessionState(open(ATTACHED, from), event);
      if (allowed[to.state]?.includes(from.state)) assert.deepEqual(next(), open(ATTACHED, to));
      else assert.throws(next, AssertionError, `${from.state} → ${to.state}`);
    }
  }
});

test('[GW-2] a session can close only while idle and never reopens', () => {
  for (const activity of ACTIVITIES) {
    const state = open(ATTACHED, activity);
    if (activity.state === 'idle') {
      assert.throws(() => nextSessionState(state, { event: 'ended' }), AssertionError);
      assert.deepEqual(nextSessionState(state, { event: 'closed' }), { state: 'closed' });
    } else {
      assert.throws(() => nextSessionState(state, { event: 'closed' }), AssertionError);
      assert.deepEqual(nextSessionState(state, { event: 'ended' }), open(ATTACHED, kind('idle')));
    }
  }
  const events: SessionEvent[] = [
    { event: 'attached', connection },
    { event: 'detached', grace },
    { event: 'ended' },
    { event: 'closed' },
  ];
  for (const event of events) {
    assert.throws(() => nextSessionState({ state: 'closed' }, event), AssertionError);
  }
});

test('[PR-13] a session without a socket can’t lose its socket again', () => {
  const state = open(DETACHED, kind('idle'));
  assert.throws(() => nextSessionState(state, { event: 'detached', grace }), AssertionError);
});
