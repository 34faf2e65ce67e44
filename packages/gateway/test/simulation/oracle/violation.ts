/**
 * What the simulation holds the node to. Beside the promises, `protocol` is what the page itself
 * noticed about what it was sent, and `assertion` a contradiction that the node noticed in itself.
 *
 * - I1: a person is in at most one live match.
 * - I2: nobody meets whom they may not meet.
 * - I3: no two people who may meet both wait longer than the widening schedule says.
 * - I4: leaving frees the other person in the same turn.
 * - I6: chat is in order, exactly once, or there is an explicit reset.
 * - I7: nothing crosses matches, and nothing of a match comes after its end.
 * - I8: what was acknowledged is on disk.
 * - I12: no call ends, and no search is lost, that nobody ended: a clock that jumps least of all.
 */
export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I12'
  | 'protocol'
  | 'assertion';

/** A promise was broken. */
export class Violation extends Error {
  override readonly name = 'Violation';
  readonly invariant: Invariant;

  constructor(invariant: Invariant, what: string, options?: ErrorOptions) {
    super(`${invariant}: ${what}`, options);
    this.invariant = invariant;
  }
}
