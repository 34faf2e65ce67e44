/**
 * What the simulation holds the node to; of each promise `npm test` asks that some planted bug
 * breaks it first. Beside the promises, `protocol` is what the page itself
 * noticed about what it was sent, and `assertion` a contradiction that the node noticed in itself.
 *
 * - I1: a person is in at most one live match.
 * - I2: nobody meets whom they may not meet.
 * - I3: no two people who may meet both wait longer than the widening schedule says.
 * - I4: leaving frees the other person in the same turn.
 * - I6: chat is in order, exactly once, or there is an explicit reset.
 * - I7: nothing crosses matches, and nothing of a match comes after its end.
 * - I8: what was acknowledged is on disk; what is on disk was asked for by somebody who may, once.
 * - I10: what the node holds is bounded by who is there and what they did lately.
 * - I11: a node that drains says so to all, and lets nobody in any more.
 * - I12: no call ends, and no search is lost, that nobody ended: a clock that jumps least of all.
 *
 * Rules of a SPEC.md; most are such as only attackers come near:
 *
 * - GW-2: a frame ends its own session at most, and a faulty one does so at once.
 * - GW-10: nobody takes over a session that is not theirs.
 * - GW-11: a ticket opens one session, for its own cookie, within its time.
 * - GW-15: whoever people keep out, or from video, is so in that turn and from then on, and nobody else.
 * - GW-17: whoever that concerns is told so: once, and with each socket.
 * - GW-31: an answer passes only after an offer of the other side's.
 * - GW-40: only the two sides of a call bring it back.
 * - GW-60: nobody says more, or makes anybody hear more, than credits allow.
 * - PR-63: a place in a call is kept for a new page where it may be, as long as it may be, and
 *   until then nobody hears of it.
 * - PR-64: taken up, the call goes on for both at once, from the lines of before to the newer ones.
 * - PR-46: a text call turns to video by both people's yes, then at once, and signals nothing before.
 * - SP-42: what is told of where people are is what the policy allows.
 */
export const PROMISES = [
  'I1',
  'I2',
  'I3',
  'I4',
  'I6',
  'I7',
  'I8',
  'I10',
  'I11',
  'I12',
  'GW-2',
  'GW-10',
  'GW-11',
  'GW-15',
  'GW-17',
  'GW-31',
  'GW-40',
  'GW-60',
  'PR-46',
  'PR-63',
  'PR-64',
  'SP-42',
] as const;

export type Invariant = (typeof PROMISES)[number] | 'protocol' | 'assertion';

/** A promise was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string, options?: ErrorOptions) {
    super(`${invariant}: ${what}`, options);
    this.invariant = invariant;
  }
}
