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
import type { IceServersReply } from '@farandole/protocol/http-api';
import type { CreditKind } from './limits.ts';
import type { ReportedCall } from './reported-call.ts';

/**
 * Interfaces that the gateway needs from its owner. Every method is synchronous. A slow
 * operation reports its result through a method of the gateway, so that the gateway never waits
 * and a simulation can control the order.
 */

export interface Connections {
  /**
   * Sends a frame. Frames of one connection arrive in order, or the connection is lost. Does
   * nothing if the connection is closed.
   */
  send(connection: ConnectionId, frame: string): void;
  /**
   * Closes the connection after its queued frames, possibly seconds later. Further input from
   * the connection is dropped at once.
   */
  close(connection: ConnectionId, reason: CloseReason): void;
}

/**
 * Keyed hashes that identify a user's network. Users of one network have equal hashes. All
 * networks on the operator's list of hosting, VPN and Tor ranges share the same hashes, because
 * the list counts as one network.
 */
export interface NetworkName {
  /** Hash of the /24 of an IPv4 address or the /48 of an IPv6 address. */
  readonly network: string;
  /** Hash of the surrounding /20 of an IPv4 address or /48 of an IPv6 address. */
  readonly parent: string;
}

export interface ConnectionFacts {
  /** Id of the user, derived from the cookie of the upgrade request. */
  readonly subject: SubjectId;
  /**
   * The client's IP address in canonical form. Read from the header of a trusted proxy,
   * otherwise from the socket.
   */
  readonly clientAddress: string;
  /** True if the socket's address is loopback and the request has no forwarding header. */
  readonly isLocal: boolean;
  /** The client's network. Absent for a loopback or private address. */
  readonly network?: NetworkName;
  /** The ticket that opened the socket, null if a secret did. Absent without a cluster (GW-12c). */
  readonly ticket?: SessionId | null;
}

/** Purpose of an encrypted token. A token can be decrypted only for the purpose it was made for. */
export type SealKind =
  | 'ticket'
  | 'session'
  | 'resume'
  | 'call'
  | 'pictures'
  | 'block'
  | 'invitation'
  | 'community';

/**
 * Signs and encrypts with rotating keys that outlive the process. The server implements this
 * with node:crypto.
 */
export interface Signer {
  /**
   * Encrypts and authenticates a token, so that pages can neither read nor change it. `block` and
   * `community` tokens last as long as user ids are stable, others about as long as a receipt.
   */
  seal(kind: SealKind, payload: string): string;
  /** Decrypts a token. Null if the token is forged, of another kind, or its key was deleted. */
  open(kind: SealKind, token: string): string | null;
  /** Returns a tag of the form `keyId.mac`, a MAC over the text. */
  tag(text: string): string;
  /** Verifies a tag in constant time. */
  verifyTag(text: string, tag: string): boolean;
  /** Whether the tag names a known key. A tag that does and doesn't verify is forged. */
  knowsKeyOf(tag: string): boolean;
  /**
   * Returns the token with which a reporter asks for the outcome of a report. Valid as long as
   * the report is stored.
   */
  outcomeToken(code: string): string;
  /**
   * Returns the code with which only this user appeals an age refusal by device key.
   *
   * @param endsAtWallMs whole minutes
   */
  ageCode(subject: SubjectId, device: DeviceKeyId, endsAtWallMs: number): string;
  /** Returns 128 random bits as 22 characters of base64url. */
  randomId(): string;
}

export type JournalRecord =
  | {
      readonly kind: 'encounter';
      readonly match: MatchId;
      /** All users of the call. Each of them has met each other one. */
      readonly subjects: AtLeastTwo<SubjectId>;
      /** Device keys in the same order as `subjects`. Absent in records of earlier versions. */
      readonly devices?: AtLeastTwo<DeviceKeyId>;
      readonly atWallMs: number;
    }
  | BlockRecord
  | UnblockRecord
  | {
      readonly kind: 'age-refused';
      readonly subject: SubjectId;
      /** Absent in records that an earlier version wrote. */
      readonly device?: DeviceKeyId;
      readonly atWallMs: number;
    }
  | ReportRecord;

/** Further ids of the two users of a block or report. Absent in records of earlier versions. */
interface PartedBy {
  readonly byDevice?: DeviceKeyId;
  readonly ofDevice?: DeviceKeyId;
  /**
   * Keyed hash of the blocked or reported user's network, from which new users are kept apart
   * for one day. Absent without a network.
   */
  readonly ofNetwork?: string;
}

export interface BlockRecord extends PartedBy {
  readonly kind: 'block';
  readonly match: MatchId;
  /**
   * Seat of the user who blocked. Null if an earlier version wrote the record, or if the seat is
   * no longer stored.
   */
  readonly side: Seat | null;
  readonly by: SubjectId;
  readonly of: SubjectId;
  /** Seat of the blocked user. Absent in a call of two. */
  readonly ofSide?: Seat;
  /** Random id of the block, needed to remove it. Null if the block is permanent. */
  readonly mark: string | null;
  readonly atWallMs: number;
}

/** Removes the block with the id `mark`. Ids are never reused. */
export interface UnblockRecord {
  readonly kind: 'unblock';
  readonly match: MatchId;
  readonly side: Seat;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly mark: string;
  readonly atWallMs: number;
}

/** The separation that follows from a report. */
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
  /** True if the reporter sent forged chat lines. No line is stored then. Absent otherwise. */
  readonly contradicted?: true;
  /** Network of the reporter. Absent for a loopback or private address. */
  readonly from?: NetworkName;
  /**
   * Duration of the call in ms. Absent if another process ended the call, or if the call ended
   * too long ago.
   */
  readonly lastedMs?: number;
  /** Absent in records of earlier versions. */
  readonly call?: ReportedCall;
  /** True if the reporter's network had exceeded its report budget. Absent otherwise. */
  readonly overBudget?: true;
  readonly reporterSide: Seat;
  /** Seat of the reported user. Absent in a call of two. */
  readonly reportedSide?: Seat;
  readonly atWallMs: number;
}

/** The report that the store keeps of one user about another in one call. */
export interface FirstReport {
  /** Id chosen by the page. Null if the store no longer knows it. */
  readonly id: string | null;
  readonly code: string;
}

/** Stores what must outlive the process. */
export interface Journal {
  /**
   * Stores a record. Afterwards `Gateway.journalSettled(entry, …)` is called once: after the
   * record was committed, or when it failed or took too long. Records about one pair of users are
   * stored in order; a meeting's record is never settled, and an age refusal once it is committed.
   */
  append(entry: number, record: JournalRecord): void;
}

/** What a user may do: use all modes, use text only, or nothing. */
export type Standing = Allowed & {
  /** Present while language exchange is closed for the user. */
  readonly exchangeClosed?: Closure;
};

/** A way to meet that is closed for one user, with a code to appeal. */
export interface Closure {
  readonly appeal: string | null;
  readonly endsAtWallMs: number;
}

type Allowed =
  | {
      readonly may: 'meet';
      /** Present if the software limits whom the user meets and the user may know about it. */
      readonly limited?: { readonly appeal: string | null; readonly endsAtWallMs: number };
    }
  | {
      readonly may: 'text' | 'nothing';
      /**
       * `decision`: a moderator's decision about this user. `network`: a decision about the
       * user's network. `hold`: the software suspended the user until a moderator's review.
       */
      readonly because: 'decision' | 'network' | 'hold';
      /**
       * Code with which the user can appeal the decision or hold. For a decision about another
       * user of the network, a code to contact the moderators. Null if there is none.
       */
      readonly appeal: string | null;
      readonly endsAtWallMs: number | null;
    };

export interface Known {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /** Null if unknown. */
  readonly clientAddress: string | null;
}

export interface Standings {
  of(known: Known, nowWallMs: number): Standing;
  /** Whether a moderator exempted the user from declarations of minors on the same device. */
  isAgeLifted(subject: SubjectId, nowWallMs: number): boolean;
}

/** Trust and matching segments of users. Answers from memory in constant time. */
export interface Segments {
  /**
   * Returns the segment and tier for a user's new search. Partly random, so ask once per search.
   */
  placeOf(subject: SubjectId, nowWallMs: number): UserSegment;
  /**
   * Whether the user has earned trust (MO-130). False until the user's trust has been read from
   * the store.
   */
  isProven(subject: SubjectId, nowWallMs: number): boolean;
}

export interface EndedSeat {
  readonly subject: SubjectId;
  readonly network: NetworkName | null;
  readonly lines: number;
  /** Whether the peer's client reported a video frame of this user. */
  readonly wasSeen: boolean;
}

export interface EndedCall {
  readonly match: MatchId;
  /** Duration in ms since the call opened in this process. Excludes the time before a restart. */
  readonly lastedMs: number;
  /** False if the users met without a search. Such a call earns no trust. */
  readonly counts: boolean;
  readonly seats: AtLeastTwo<EndedSeat>;
}

/** Is notified once of each ended call, after the call's last meeting record was written. */
export interface CallEnds {
  ended(call: EndedCall): void;
}

/**
 * Facts about networks: which users are in the same one, and which addresses the candidate
 * filter accepts besides the users' own.
 */
export interface NetworkFacts {
  /**
   * Returns an opaque id of the client's network if users of one network must not meet. Null if
   * they may meet, or if the address belongs to no network.
   */
  keptApart(clientAddress: string): string | null;
  localAddresses(): readonly string[];
  relayAddresses(): readonly string[];
}

/** Issues STUN and TURN servers to browsers. */
export interface IceServers {
  /** Returns a new session's ICE servers, without TURN credentials above its network's budget. */
  of(session: SessionId, clientAddress: string): IceServersReply;
}

/** Events for metrics and logs. They never contain an address, a cookie or text. */
export type GatewayEvent =
  | { readonly event: 'session-opened' | 'session-resumed' }
  | { readonly event: 'session-closed'; readonly reason: string }
  | {
      readonly event: 'match-found';
      readonly mode: string;
      readonly waitedMs: number;
      readonly match: MatchId;
      readonly community?: string;
      /** True in a language exchange. Absent otherwise. */
      readonly isExchange?: true;
    }
  | {
      readonly event: 'call-ended';
      readonly mode: string;
      readonly reason: string;
      readonly lastedMs: number;
      readonly match: MatchId;
    }
  | { readonly event: 'call-restored' | 'video-started'; readonly match: MatchId }
  | {
      readonly event: 'mode-raised' | 'mode-lowered';
      readonly mode: string;
      readonly match: MatchId;
    }
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
  readonly silentSockets: number;
  readonly admittedTickets: number;
  /**
   * Number of stored used tickets. May include expired entries, as may `admittedTickets`,
   * `ageRefusals`, `recentBlocks` and `reports`.
   */
  readonly usedTickets: number;
  readonly ageRefusals: number;
  readonly recentBlocks: number;
  readonly reports: number;
  readonly restores: number;
  readonly pendingWrites: number;
  /** Length of all buffered offers in UTF-16 code units. Excludes deferred searches. */
  readonly offerChars: number;
  readonly searches: number;
  /** Number of confirmed proposals whose call opens on this node with sessions of other nodes. */
  readonly promisedElsewhere: number;
  readonly calls: number;
  readonly gates: number;
  readonly bufferedLines: number;
  /** Number of messages that wait for their users' facts, and their length in characters. */
  readonly deferred: number;
  readonly deferredChars: number;
}
