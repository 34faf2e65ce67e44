import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash, PictureId } from '../ids.ts';
import { CASE_PICTURES_MAX, REPORTER_PICTURES_MAX } from '../limits.ts';

/** A reporter as far as room is shared out: those of no known network count as of one. */
export interface Bringer {
  readonly reporter: SubjectId;
  readonly network: AnchorHash | null;
}

/** A picture that is in a case, and of whom. */
export interface HeldPicture extends Bringer {
  readonly id: PictureId;
  /** How long before the report it was taken. */
  readonly agoMs: number;
}

export interface Room {
  /** How many of those that come are taken. */
  readonly taken: number;
  /** What goes for them. */
  readonly givesWay: readonly PictureId[];
}

/**
 * Whether a case has room for what somebody brings. Whoever wants to keep a case from showing anything
 * can have friends fill it with junk, but not friends in every network: where it is full, room is made.
 * Of the network that has most there, the reporter who has most gives the oldest of theirs, one at a
 * time, for as long as that leaves more than whoever comes has; and then in the same way among the
 * reporters of one network.
 *
 * So everybody has at least an even share of what their network has, and each network an even share of
 * the case, or all that they brought, in whatever order they come.
 */
export function roomFor(held: readonly HeldPicture[], by: Bringer, pictures: number): Room {
  const all = [...held];
  const own = all.filter(({ reporter }) => reporter === by.reporter).length;
  const wanted = Math.max(0, Math.min(pictures, REPORTER_PICTURES_MAX - own));
  let taken = Math.min(wanted, Math.max(0, CASE_PICTURES_MAX - all.length));
  const givesWay: PictureId[] = [];
  while (taken < wanted) {
    const gives = whoGives(all, by, taken);
    if (gives === null) break;
    all.splice(all.indexOf(gives), 1);
    givesWay.push(gives.id);
    taken += 1;
  }
  return { taken, givesWay };
}

/** The next picture that goes for one more of theirs; null where theirs would be the larger share. */
function whoGives(held: readonly HeldPicture[], by: Bringer, taken: number): HeldPicture | null {
  const ofNetwork = held.filter(({ network }) => network === by.network);
  const most = largest(held, ({ network }) => network);
  const isAnother = most.length > ofNetwork.length + taken + 1;
  const own = held.filter(({ reporter }) => reporter === by.reporter).length;
  const theirs = largest(isAnother ? most : ofNetwork, ({ reporter }) => reporter);
  if (!isAnother && theirs.length <= own + taken + 1) return null;
  return theirs.reduce((oldest, one) => (one.agoMs > oldest.agoMs ? one : oldest));
}

/** The most that have the same in common. */
function largest<Key>(
  held: readonly HeldPicture[],
  keyOf: (picture: HeldPicture) => Key,
): readonly HeldPicture[] {
  const groups = new Map<Key, HeldPicture[]>();
  let most: readonly HeldPicture[] = [];
  for (const picture of held) {
    const group = groups.get(keyOf(picture)) ?? [];
    group.push(picture);
    groups.set(keyOf(picture), group);
  }
  for (const group of groups.values()) if (group.length > most.length) most = group;
  return most;
}
