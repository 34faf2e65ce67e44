import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type {
  Counters,
  ExchangeCall,
  Mode,
  PairSeat,
  TaggedLine,
} from '@farandole/protocol/fields';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { FakeSession } from './fake-node.ts';

export interface FakeSeat {
  readonly session: FakeSession;
  direct: boolean;
  video: boolean;
  /**
   * Chat lines that wait until all missing lines were replayed, or `null` if no line is missing.
   */
  held: { readonly upTo: number; readonly lines: TaggedLine[] } | null;
}

export interface FakeCall {
  readonly match: string;
  mode: Mode;
  /** Number of times that the mode changed. */
  step: number;
  readonly offerer: PairSeat;
  readonly exchange?: ExchangeCall | undefined;
  epoch: number;
  counters: Counters;
  readonly seats: Record<PairSeat, FakeSeat>;
}

/** The content of a call's receipt. A receipt stays valid when the node restarts. */
export interface Receipt {
  readonly match: string;
  readonly side: PairSeat;
  readonly mode: Mode;
  readonly step: number;
  readonly offerer: PairSeat;
  readonly epoch: number;
}

export function newSeat(session: FakeSession): FakeSeat {
  return { session, direct: false, video: false, held: null };
}

type Shared = Pick<ServerMessageOf<'match.found'>, 'sharedInterests' | 'sharedLanguages'>;

/** Returns what two users have in common. */
export function sharedBy(
  a: ClientMessageOf<'ticket.create'>,
  b: ClientMessageOf<'ticket.create'>,
): Shared {
  return {
    sharedInterests: a.interests.filter((tag) => b.interests.includes(tag)),
    sharedLanguages: a.languages.filter((tag) => b.languages.includes(tag)),
  };
}

export const other = (side: PairSeat): PairSeat => (side === 'a' ? 'b' : 'a');

export function sideOf(call: FakeCall, session: FakeSession): PairSeat | null {
  if (call.seats.a.session === session) return 'a';
  return call.seats.b.session === session ? 'b' : null;
}

export function writeReceipt(receipt: Receipt): string {
  return `receipt.${btoa(JSON.stringify(receipt)).replaceAll('=', '')}`;
}

export function readReceipt(token: string): Receipt {
  return JSON.parse(atob(token.replace('receipt.', ''))) as Receipt;
}

export type Opened = Pick<
  ServerMessageOf<'match.found'>,
  | 'side'
  | 'role'
  | 'mode'
  | 'transport'
  | 'directOffered'
  | 'videoOffered'
  | 'next'
  | 'step'
  | 'exchange'
  | 'receipt'
>;

/** Returns the fields with which a call opens or continues for one user. */
export function openedOf(
  { match, mode, step, offerer, exchange, epoch }: FakeCall,
  side: PairSeat,
  transport: Opened['transport'],
  offersDirect: boolean,
  next: Mode | null,
): Opened {
  return {
    side,
    role: side === offerer ? 'offerer' : 'answerer',
    mode,
    transport,
    directOffered: mode !== 'text' && offersDirect,
    videoOffered: next === 'video',
    ...(next === 'voice' && { next }),
    ...(step > 0 && { step }),
    ...(exchange && { exchange }),
    receipt: writeReceipt({ match, side, mode, step, offerer, epoch }),
  };
}
