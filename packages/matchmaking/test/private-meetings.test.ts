import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEETING_REMEMBERED_MS, MEETINGS_REMEMBERED_MAX } from '@farandole/matchmaking/limits';
import { PrivateMeetings } from '@farandole/matchmaking/private-meetings';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { makeTicket } from './support/tickets.ts';

const KEY = 'meeting-0001';

function guest(number: number, key = KEY): Ticket {
  return makeTicket(number, { meeting: { key, seat: 'b', by: 'invitation' } });
}

function host(number = 0, key = KEY): Ticket {
  return makeTicket(number, { meeting: { key, seat: 'a', by: 'invitation' } });
}

test('[MM-82] keeps a meeting for the first guest and returns the others', () => {
  const meetings = new PrivateMeetings();
  const tickets = [host(), guest(1), guest(2)] as const;
  for (const ticket of tickets) meetings.enter(ticket);
  meetings.leave(tickets[0]);
  meetings.leave(tickets[1]);
  assert.deepEqual(meetings.met([tickets[0], tickets[1]], 0), [tickets[2]]);
  assert.deepEqual(
    [host(), guest(1), guest(2), makeTicket(3)].map((ticket) => meetings.admits(ticket, 1)),
    [true, true, false, true],
  );
});

test('[MM-83] admits nobody to a withdrawn meeting', () => {
  const meetings = new PrivateMeetings();
  const waiting = guest(1);
  meetings.enter(waiting);
  assert.deepEqual(meetings.withdraw(KEY, 0), [waiting]);
  assert.deepEqual(
    [host(), guest(1), guest(2), guest(1, 'meeting-0002')].map((one) => meetings.admits(one, 1)),
    [false, false, false, true],
  );
});

test('[MM-84] forgets a meeting after a day, and the oldest above the limit', () => {
  const meetings = new PrivateMeetings();
  meetings.withdraw(KEY, 0);
  assert.equal(meetings.admits(guest(1), MEETING_REMEMBERED_MS - 1), false);
  assert.equal(meetings.admits(guest(1), MEETING_REMEMBERED_MS), true);
  for (let at = 0; at <= MEETINGS_REMEMBERED_MAX; at++) meetings.withdraw(`meeting-${at}`, 0);
  assert.equal(meetings.admits(guest(1, 'meeting-0'), 1), true);
  assert.equal(meetings.admits(guest(1, 'meeting-1'), 1), false);
  assert.equal(meetings.remembered, MEETINGS_REMEMBERED_MAX);
});
