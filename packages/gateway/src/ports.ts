import type {
  ConnectionId,
  DeviceKeyId,
  MatchId,
  SessionId,
  SubjectId,
} from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { UserSegment } from '@farandole/matchmaking/segment';
import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Counters, Seat } from '@farandole/protocol/fields';
import type { CreditKind } from './limits.ts';

/**
 * The gateway's dependencies. Every port is synchronous; slow operations answer later through a
 * gateway method, so that the gateway never waits and a simulation controls the order.
 */

/** Implemented by the node's listener and the simulation. */
export interface Connections {
  /** Frames of a connection arrive in order or it is lost; closed connections ignore frames. */
  send(connection: ConnectionId, frame: string): void;
  /** Sends queued frames, then a close frame, possibly seconds later. Drops all later input. */
  close(connection: ConnectionId, reason: CloseReason): void;
}

/**
 * A user's network as opaque keyed hashes: equal for users of one network. Both are the same for
 * the operator's list of hosting, VPN and Tor ranges, which counts as one network.
 */
export interface NetworkName {
  /** /24 of IPv4, /56 of IPv6. */
  readonly network: string;
  /** The /20 of IPv4 or /48 of IPv6 that contains it. */
  readonly parent: string;
}

/** Known before the first frame. */
export interface ConnectionFacts {
  /** The user, identified by the cookie of the upgrade request. */
  readonly subject: SubjectId;
  /** Canonical. The socket's address or, from a listed proxy, its header's. */
  readonly clientAddress: string;
  /** True for a loopback address without a forwarding header. */
  readonly isLocal: boolean;
  /** Absent for a loopback or private address, which is no network. */
  readonly network?: NetworkName;
}

/** Purpose of a sealed token; a token never opens as another kind. */
export type SealKind = 'ticket' | 'session' | 'resume' | 'call' | 'pictures' | 'block';

/** Rotating keys that outlive the process. Implemented with node:crypto in apps/server. */
export interface Signer {
  /**
   * Encrypts and authenticates: pages can't read their tokens. A `block` opens as long as subject
   * ids are stable; others for about the lifetime of a receipt.
   */
  seal(kind: SealKind, payload: string): string;
  /** Null if forged, of another kind, or sealed by a deleted key. */
  open(kind: SealKind, token: string): string | null;
  /** `keyId.mac` over the text. */
  tag(text: string): string;
  /** Verifies a tag in constant time. */
  verifyTag(text: string, tag: string): boolean;
  /** Whether the tag names a known key: if it then doesn't verify, it was forged. */
  knowsKeyOf(tag: string): boolean;
  /**
   * Returns the device key's id if `signature` (r and s, base64url) over the UTF-8 of `payload`
   * verifies under `publicKey` (uncompressed P-256 point, base64url), else null.
   */
  verifyDevice(publicKey: string, payload: string, signature: string): DeviceKeyId | null;
  /** The token that requests the report's outcome, valid while the report is kept. */
  outcomeToken(code: string): string;
  /** 128 unguessable bits, base64url: 22 characters. */
  randomId(): string;
}

export type JournalRecord =
  | {
      readonly kind: 'encounter';
      readonly match: MatchId;
      /** The users of the call. Every two of them have met. */
      readonly subjects: AtLeastTwo<SubjectId>;
      /** In the same order; absent in records of earlier versions. */
      readonly devices?: AtLeastTwo<DeviceKeyId>;
      readonly atWallMs: number;
    }
  | BlockRecord
  | UnblockRecord
  | {
      readonly kind: 'age-refused';
      readonly subject: SubjectId;
      /** Absent in records of earlier versions. */
      readonly device?: DeviceKeyId;
      readonly atWallMs: number;
    }
  | ReportRecord;

/** What else names the two of a block or report; absent in records of earlier versions. */
interface PartedBy {
  readonly byDevice?: DeviceKeyId;
  readonly ofDevice?: DeviceKeyId;
  /** Keyed hash of the network of `of`, which counts for a day; absent without a network. */
  readonly ofNetwork?: string;
}

export interface BlockRecord extends PartedBy {
  readonly kind: 'block';
  readonly match: MatchId;
  /** Null if written by an earlier version or no longer kept. */
  readonly side: Seat | null;
  readonly by: SubjectId;
  readonly of: SubjectId;
  /** Identifies the block for its removal; meaningless without the proof. Null if permanent. */
  readonly mark: string | null;
  readonly atWallMs: number;
}

/** Removes a block. Marks are never reused. */
export interface UnblockRecord {
  readonly kind: 'unblock';
  readonly match: MatchId;
  readonly side: Seat;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly mark: string;
  readonly atWallMs: number;
}

/** A seat has reported: kept once a case has the report's data. */
export interface ReportedRecord
  extends PartedBy,
    Pick<ReportRecord, 'id' | 'code' | 'match' | 'by' | 'of' | 'reporterSide' | 'atWallMs'> {
  readonly kind: 'reported';
}

export type ReplayedRecord = JournalRecord | ReportedRecord;

export interface ReportRecord extends PartedBy {
  readonly kind: 'report';
  readonly id: string;
  readonly code: string;
  readonly match: MatchId;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly ofDevice: DeviceKeyId;
  readonly reason: string;
  readonly note: string | null;
  readonly lines: readonly {
    readonly side: Seat;
    readonly counters: Readonly<Counters>;
    readonly atMs: number;
    readonly text: string;
  }[];
  /** Forged lines were sent, so no line is stored; otherwise absent. */
  readonly contradicted?: true;
  /** The reporter's network; absent for a loopback or private address. */
  readonly from?: NetworkName;
  /** The reporter's device key; absent in records of earlier versions. */
  readonly byDevice?: DeviceKeyId;
  /** Duration of the call; absent if another process ended it, or long ago. */
  readonly lastedMs?: number;
  readonly reporterSide: Seat;
  readonly atWallMs: number;
}

export interface Journal {
  /** `Gateway.journalSettled(entry, …)` follows, in any order, once it is fsynced or failed. */
  append(entry: number, record: JournalRecord): void;
}

/** A user's rights: all modes, text only, or none. */
export type Standing =
  | {
      readonly may: 'meet';
      /** Software limits whom the user meets, and the user may know. Absent otherwise. */
      readonly limited?: { readonly appeal: string | null; readonly endsAtWallMs: number };
    }
  | {
      readonly may: 'text' | 'nothing';
      /**
       * `decision`: about this user. `network`: about the user's network. `hold`: suspended by
       * software until review.
       */
      readonly because: 'decision' | 'network' | 'hold';
      /**
       * Appeal code of the decision or hold, or the contact code for another user's decision; null
       * without any.
       */
      readonly appeal: string | null;
      readonly endsAtWallMs: number | null;
    };

/** Identifiers of an arriving user. */
export interface Known {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  readonly clientAddress: string;
}

export interface Standings {
  of(known: Known, nowWallMs: number): Standing;
}

/** User standings. Answers from memory, in constant time. */
export interface Segments {
  /** Segment and tier of a user in a new search. Partly random: call once per search. */
  placeOf(subject: SubjectId, nowWallMs: number): UserSegment;
  /** Whether the user has earned standing (MO-130). False until their trust is read. */
  isProven(subject: SubjectId, nowWallMs: number): boolean;
}

/** A seat of a call at its end. */
export interface EndedSeat {
  readonly subject: SubjectId;
  readonly network: NetworkName | null;
  /** Lines that the user sent. */
  readonly lines: number;
  /** The other person's client reported a frame of this user. */
  readonly wasSeen: boolean;
}

export interface EndedCall {
  readonly match: MatchId;
  /** Since it opened in this process; without the time before a restart. */
  readonly lastedMs: number;
  /** False if the users found each other without a search; it then earns no standing. */
  readonly counts: boolean;
  readonly seats: AtLeastTwo<EndedSeat>;
}

/** Called once for each call, after its last encounter record. */
export interface CallEnds {
  ended(call: EndedCall): void;
}

/** Addresses that the signalling policy accepts besides the sessions' own, and network identity. */
export interface NetworkFacts {
  /**
   * Opaque id of a network whose users are kept apart; null if they may meet, or for no network.
   */
  keptApart(clientAddress: string): string | null;
  localAddresses(): readonly string[];
  relayAddresses(): readonly string[];
}

/** Events for metrics and logs; never contain an address, cookie or text. */
export type GatewayEvent =
  | { readonly event: 'session-opened' | 'session-resumed' }
  | { readonly event: 'session-closed'; readonly reason: string }
  | {
      readonly event: 'match-found';
      readonly mode: string;
      readonly waitedMs: number;
      readonly match: MatchId;
    }
  | {
      readonly event: 'call-ended';
      readonly mode: string;
      readonly reason: string;
      readonly lastedMs: number;
      readonly match: MatchId;
    }
  | { readonly event: 'call-restored' | 'video-started'; readonly match: MatchId }
  | { readonly event: 'first-frame'; readonly elapsedMs: number; readonly way: 'direct' | 'relay' }
  | { readonly event: 'relayed'; readonly kind: CreditKind | 'signal' }
  | { readonly event: 'signal-dropped'; readonly reason: string }
  | { readonly event: 'report-stored' | 'report-failed'; readonly reason: string }
  | { readonly event: 'frame-refused'; readonly reason: string };

export interface Observer {
  observe(event: GatewayEvent): void;
}

export interface GatewayCounts {
  readonly online: number;
  readonly detached: number;
  readonly waiting: number;
  readonly calls: number;
}

export interface GatewaySizes {
  readonly connections: number;
  readonly sessions: number;
  readonly deadlines: number;
  /** The next four sizes may include expired entries. */
  readonly usedTickets: number;
  readonly ageRefusals: number;
  readonly recentBlocks: number;
  readonly reports: number;
  readonly restores: number;
  readonly pendingWrites: number;
  /** UTF-16 units of buffered offers. */
  readonly offerChars: number;
  readonly searches: number;
  readonly calls: number;
  readonly gates: number;
  readonly bufferedLines: number;
}

/** Defined here because the HTTP server mints session tickets and the gateway redeems them. */
export interface SessionTicketClaims {
  readonly session: SessionId;
  readonly subject: SubjectId;
  readonly expiresAtWallMs: number;
}
