/**
 * The invariants that the simulation checks: the promises I1 to I18 and W1 to W10, and rules of SPEC.md that
 * attackers may try to break. `protocol` marks a frame that no page understands, and `assertion`
 * a failed assertion of the node.
 */
export const PROMISES = {
  I1: 'a person is in at most one live match',
  I2: 'nobody meets a person whom they may not meet',
  I3: 'no two people who may meet both wait longer than the widening schedule allows',
  I4: 'leaving frees the other person in the same turn',
  I6: 'chat is in order, exactly once, or there is an explicit reset',
  I7: 'nothing crosses matches, and nothing of a match comes after its end',
  I8: 'what was acknowledged is on disk, and what is on disk is true',
  I9: 'a sanction holds in the turn in which the node hears of it',
  I10: 'what the node holds is bounded',
  I11: 'a node that drains tells everybody, and lets nobody in',
  I12: 'no call ends that nobody ended, whatever the clock does',
  I13: 'nobody meets before the node has read who they are',
  I14: 'a call shows no more than both agreed to, and less as soon as one asks',
  I15: 'communities never mix, neither with each other nor with the open pool',
  I16: 'a bell ends what both saw coming and one wants to end, and nobody in a round waits for long',
  I17: 'both users of an exchange learn, or one waited long for a user who agreed to help',
  I18: 'a question call carries one question and text of the two others, and no media',
  W1: 'one node commits a generation of a session, and generations grow',
  W2: 'a match that one page saw is seen by the other, unless its socket or a node failed',
  W3: 'at rest each session has one home, nothing is in doubt and nothing waits',
  W4: 'two people who may meet do not both wait for long',
  W5: 'a blocked pair never meets on any node',
  W6: 'at rest one node writes the pool, under the largest epoch',
  W7: 'a minor’s device is refused on every node within 2 s',
  W8: 'users of a private meeting meet only each other, on any node',
  W9: 'nobody waits to restore a call that the other user has ended',
  W10: 'a suspended user is matched with nobody, in no call and waited for by nobody after 2 s',
  'GW-2': 'a frame ends its own session at most, and a faulty one does so at once',
  'GW-10': 'a resume needs the secret, the cookie and the device key',
  'GW-11': 'a ticket opens a session for its own cookie only',
  'GW-40': 'only the two sides of a call bring it back',
  'SP-42': 'addresses are told as the policy allows',
} as const;

export type Invariant = keyof typeof PROMISES | 'protocol' | 'assertion';

/** Thrown when an invariant doesn't hold. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string, options?: ErrorOptions) {
    super(`${invariant}: ${what}`, options);
    this.invariant = invariant;
  }
}

/** @throws Violation unless the invariant holds */
export function check(holds: boolean, invariant: Invariant, what: string): asserts holds {
  if (!holds) throw new Violation(invariant, what);
}
