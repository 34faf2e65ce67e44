import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Mode, TaggedLine } from '@farandole/protocol/fields';
import type { Place } from '../rules.ts';
import type { Allowances } from './allowances.ts';
import type { PageEar } from './page-ear.ts';
import type { Shown } from './signals.ts';

/**
 * What the oracle knows of the world, from what was said over the wire and when sockets came and
 * went. It reads no index and no state of the node's; times are the simulation's own, which no
 * clock jump moves.
 */

/** A search as the page described it, from its acceptance until it was matched or ended. */
export interface SearchModel {
  readonly session: SessionModel;
  readonly wish: ClientMessageOf<'ticket.create'>;
  /** The interests as two people compare them. */
  readonly interests: ReadonlySet<string>;
  readonly acceptedAtMs: number;
  onlyShared: boolean;
  widenedAtMs: number;
}

export interface SessionModel {
  readonly id: string;
  readonly subject: string;
  readonly deviceKey: string;
  /** What a resume must show. */
  readonly secret: string;
  /** Where its latest socket comes from. */
  place: Place;
  /** Null while it is detached. */
  connection: string | null;
  /** Since when it has had a socket, or been without one. */
  linkSinceMs: number;
  isOpen: boolean;
  search: SearchModel | null;
  match: MatchModel | null;
  /** The call that it was in last. */
  lastMatch: MatchModel | null;
  /** The call of before a restart that it asked to go on with. */
  restoring: MatchModel | null;
  /** The place in a call that is kept for it, since an older page of the person's left it. */
  seat: Seat | null;
  /** The epoch of its call, as it was told last. */
  epochTold: number;
  /** Wishes sent, by the page's name, until they are answered. */
  readonly wishes: Map<string, ClientMessageOf<'ticket.create'>>;
  /** Of which match each report is, by the page's name for it. */
  readonly reports: Map<string, string>;
  /** The last sequenced frame that the node wrote to it, and what the latest ones were. */
  sent: number;
  /** Of those, the last that the page acknowledged; the later ones are kept, to the byte. */
  acknowledged: number;
  readonly sentFrames: Map<number, string>;
  sentChars: number;
  /** The last sequenced frame of the page's that the node took, and when. */
  taken: number;
  takenAtMs: number;
  /** What the person may still say, by kind, and what others may be made to hear. */
  readonly says: Allowances;
  readonly causes: Allowances;
  /** The step in which it got another socket, and all that it had missed. */
  resumedInStep: number;
  /** Whether it was ever told what its person may do. */
  isStandingTold: boolean;
}

/** A place in a call, until it is taken up or its time is over. */
export interface Seat {
  readonly match: MatchModel;
  readonly untilMs: number;
}

export type MatchState =
  | 'live'
  /** The node died under it; both sides may ask for it. */
  | 'suspended'
  | 'over';

export interface MatchSide {
  readonly subject: string;
  readonly deviceKey: string;
  session: SessionModel;
  /** The wish that led here. */
  readonly wish: SearchModel;
  /** Whether this side agreed to a direct connection. */
  allowsDirect: boolean;
  /** Whether this side's last word on video is a yes that counts. */
  saysVideo: boolean;
  /** The mode on the receipt by which it asked for the call back, and the lines that it had. */
  restoresAs: Mode;
  received: number;
  /** The last of the lines that it still lacks, since it came back; 0 when it lacks none. */
  lacksUpTo: number;
  /** The lines before which older ones are missing: these were let go, since too many waited. */
  readonly letGo: Set<number>;
  /** The step in which it was given all that had waited for older lines. */
  releasedInStep: number;
  /** Whether the other side has been given an offer of this one's, in this run of the node. */
  hasOffered: boolean;
  /** What the other side has been shown of this one's candidates since the last ICE restart. */
  shown: Shown;
}

export interface MatchModel {
  readonly id: string;
  readonly openedAtMs: number;
  /** Whose offer comes first. */
  readonly offerer: 'a' | 'b';
  epoch: number;
  mode: Mode;
  /** The step in which a text call became one by video. */
  turnedInStep: number;
  /** The node's date when it gave the latest receipts. */
  receiptWallMs: number;
  state: MatchState;
  overAtMs: number;
  a: MatchSide | null;
  b: MatchSide | null;
  /**
   * What the node accepted and tagged, oldest first; null for what it accepted, as later places show, while whoever
   * it owes it to has no socket.
   */
  readonly lines: (TaggedLine | null)[];
  /** Every line said by a page of the match, by the page's name for it. */
  readonly said: Map<string, SaidLine>;
  /** The page on which each side has the call. */
  readonly pages: { a: PageEar | null; b: PageEar | null };
  /** The interests that both sides were told they share, at the beginning. */
  readonly sharedTold: readonly string[];
  /** Whether its people were told, when it began or came back, that it may turn to video. */
  isVideoOffered: boolean;
  /** Whether a page that was in it has been told that it is over. */
  isEndHeard: boolean;
  /** The step in which it came back after a restart. */
  reopenedInStep: number;
  /** How often somebody came back to it on a new page, in this run of the node, and when last. */
  rejoins: number;
  rejoinedInStep: number;
  /** The step in which somebody did what ends it. */
  causeStep: number;
}

export interface SaidLine {
  readonly side: 'a' | 'b';
  readonly epoch: number;
  readonly text: string;
  /** Counts the lines of one side. */
  readonly place: number;
  /** Whether the node owes it an answer: not where its epoch had not begun. */
  readonly isDue: boolean;
  isAccepted: boolean;
  /** Once it is accepted, its place among the lines of both. */
  at: number;
  isRefused: boolean;
}

/** All that lives now. */
export class WorldModel {
  readonly sessions = new Map<string, SessionModel>();
  readonly byConnection = new Map<string, SessionModel>();
  readonly bySubject = new Map<string, SessionModel>();
  readonly matches = new Map<string, MatchModel>();
  /** Which match, and which side of it, a receipt is of. */
  readonly receipts = new Map<
    string,
    { readonly match: MatchModel; readonly subject: string; readonly mode: Mode }
  >();
  /** The ids of matches that were forgotten here. */
  readonly forgotten = new Set<string>();

  /** Forgets what nobody can refer to any more. */
  prune(nowMs: number, keptMs: number): void {
    for (const match of this.matches.values()) {
      if (nowMs - match.openedAtMs < keptMs) break;
      if (match.state === 'live' || nowMs - match.overAtMs < keptMs) continue;
      this.matches.delete(match.id);
      this.forgotten.add(match.id);
    }
    for (const [receipt, { match }] of this.receipts) {
      if (nowMs - match.openedAtMs < keptMs) break;
      if (!this.matches.has(match.id)) this.receipts.delete(receipt);
    }
  }
}

/** The sides of a match that are known yet. */
export function sidesOf(match: MatchModel): readonly MatchSide[] {
  return [match.a, match.b].filter((side) => side !== null);
}

/** A mark in all that is said in a match: recognised wherever it turns up. */
export function canaryOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return `c0${((hash >>> 8) & 0xffffff).toString(16).padStart(6, '0')}`;
}

const CANARY = /\bc0[0-9a-f]{6}\b/g;

/** Every mark in a text. */
export function canariesIn(text: string): readonly string[] {
  return text.match(CANARY) ?? [];
}

/** The call that somebody is in, or could be in at a word. */
export function callOf({ match, seat }: SessionModel): MatchModel | null {
  return match ?? seat?.match ?? null;
}

/** Whether somebody has a socket, and is in a call or could be at a word. */
export function isOnTheLine(
  { isOpen, connection, match, seat }: SessionModel,
  of: MatchModel,
): boolean {
  return isOpen && connection !== null && (match === of || seat?.match === of);
}

export function acrossFrom(match: MatchModel, session: SessionModel): MatchSide | null {
  if (match.a?.session === session) return match.b;
  return match.b?.session === session ? match.a : null;
}
