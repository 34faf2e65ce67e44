import type { SubjectId } from '@farandole/kernel/id';
import type { AnchorHash, PictureId } from '../ids.ts';
import { CASE_PICTURES_MAX, REPORTER_PICTURES_MAX } from '../limits.ts';

/** A reporter who attaches pictures. All reporters without a known network count as one network. */
export interface Bringer {
  readonly reporter: SubjectId;
  readonly network: AnchorHash | null;
}

export interface RetainedPicture extends Bringer {
  readonly id: PictureId;
  readonly agoMs: number;
}

export interface Room {
  /** Number of the new pictures that the case accepts. */
  readonly taken: number;
  /** Ids of stored pictures that are removed to make room for the new ones. */
  readonly givesWay: readonly PictureId[];
}

/**
 * Shares a case's picture limit among reporters, because an attacker's friends may flood a case
 * with junk, but not from every network. When the case is full, the network with the most
 * pictures loses the oldest picture of its largest reporter, as long as its share stays larger
 * than the newcomer's. The same rule then applies to the reporters of one network. So each
 * network gets an equal share of the case, and each reporter an equal share of the network, or
 * all of their pictures if these are fewer. The order of arrival doesn't matter.
 */
export function roomFor(held: readonly RetainedPicture[], by: Bringer, pictures: number): Room {
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

/** Returns the picture to remove for a new one, or null if the newcomer's share would be larger. */
function whoGives(
  held: readonly RetainedPicture[],
  by: Bringer,
  taken: number,
): RetainedPicture | null {
  const ofNetwork = held.filter(({ network }) => network === by.network);
  const most = largest(held, ({ network }) => network);
  const isAnother = most.length > ofNetwork.length + taken + 1;
  const own = held.filter(({ reporter }) => reporter === by.reporter).length;
  const theirs = largest(isAnother ? most : ofNetwork, ({ reporter }) => reporter);
  if (!isAnother && theirs.length <= own + taken + 1) return null;
  return theirs.reduce((oldest, one) => (one.agoMs > oldest.agoMs ? one : oldest));
}

function largest<Key>(
  held: readonly RetainedPicture[],
  keyOf: (picture: RetainedPicture) => Key,
): readonly RetainedPicture[] {
  const groups = new Map<Key, RetainedPicture[]>();
  let most: readonly RetainedPicture[] = [];
  for (const picture of held) {
    const group = groups.get(keyOf(picture)) ?? [];
    group.push(picture);
    groups.set(keyOf(picture), group);
  }
  for (const group of groups.values()) if (group.length > most.length) most = group;
  return most;
}
