import type {
  ConnectionId,
  DeviceKeyId,
  MatchId,
  SessionId,
  SubjectId,
} from '@farandole/kernel/id';
import type { Place } from '@farandole/matchmaking/circle';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { CloseReason } from '@farandole/protocol/close-codes';
import type { Counters, Seat } from '@farandole/protocol/fields';
import type { CreditKind } from './limits.ts';

/**
 * What the gateway needs from outside, and nothing else. Every port is called synchronously;
 * what takes time answers later through a method of the gateway, so that the gateway itself
 * never waits and a simulation can decide when an answer comes.
 */

/** The sockets. Implemented by the listener of a node, and by the simulation. */
export interface Connections {
  /**
   * Queues a text frame. Frames of one connection arrive in order or the connection is lost;
   * a connection that is gone swallows them.
   */
  send(connection: ConnectionId, frame: string): void;
  /**
   * Sends the frames queued, then a close frame with the code and word of the reason, perhaps some
   * seconds later. Nothing that still comes is handed on.
   */
  close(connection: ConnectionId, reason: CloseReason): void;
}

/** What the listener knows of a new connection, before any frame. */
export interface ConnectionFacts {
  /** From the cookie that came with the upgrade. */
  readonly subject: SubjectId;
  /** The socket's address or, from a listed proxy, its header's; in the canonical form. */
  readonly clientAddress: string;
  /** True when the address is loopback and the request carried no forwarding header. */
  readonly isLocal: boolean;
}

/** What a sealed token is for: one kind never opens as another. */
export type SealKind = 'ticket' | 'session' | 'resume' | 'call' | 'pictures' | 'block';

/** Keys that outlive the process and rotate. Implemented with node:crypto in apps/server. */
export interface Signer {
  /**
   * Encrypts and authenticates: the page that carries the token cannot read it. A `block` opens for as
   * long as people stay the same people; all others for the life of a receipt, or little longer.
   */
  seal(kind: SealKind, payload: string): string;
  /** The payload, or null: forged, of another kind, or sealed by a key that is gone. */
  open(kind: SealKind, token: string): string | null;
  /** `keyId.mac` over the text. */
  tag(text: string): string;
  /** Whether a tag is ours and over this text, in constant time. */
  verifyTag(text: string, tag: string): boolean;
  /** Whether a tag names a key that is here: one that does and verifies for nothing was made up. */
  knowsKeyOf(tag: string): boolean;
  /**
   * The id of the device key if `signature` (r and s, base64url) over the UTF-8 of `payload`
   * verifies under `publicKey` (uncompressed P-256 point, base64url), else null.
   */
  verifyDevice(publicKey: string, payload: string, signature: string): DeviceKeyId | null;
  /** What the outcome of the report of that code is asked by, for as long as the report is kept. */
  outcomeToken(code: string): string;
  /** 128 unguessable bits, base64url: 22 characters. */
  randomId(): string;
}

/** What is kept until storage exists, one record a line, in files that only grow. */
export type JournalRecord =
  | {
      readonly kind: 'encounter';
      readonly match: MatchId;
      /** Every two of them have met. */
      readonly subjects: AtLeastTwo<SubjectId>;
      readonly atWallMs: number;
    }
  | BlockRecord
  | UnblockRecord
  | {
      readonly kind: 'age-refused';
      readonly subject: SubjectId;
      readonly atWallMs: number;
    }
  | ReportRecord;

export interface BlockRecord {
  readonly kind: 'block';
  readonly match: MatchId;
  /** Null where an earlier version wrote it, or it is not kept any more. */
  readonly side: Seat | null;
  readonly by: SubjectId;
  readonly of: SubjectId;
  /**
   * By what it is taken back: an id that says nothing to whoever lacks the proof of it. Null where it
   * holds for good.
   */
  readonly mark: string | null;
  readonly atWallMs: number;
}

/** A block is taken back. Its mark is never given again. */
export interface UnblockRecord {
  readonly kind: 'unblock';
  readonly match: MatchId;
  readonly side: Seat;
  readonly by: SubjectId;
  readonly of: SubjectId;
  readonly mark: string;
  readonly atWallMs: number;
}

/** That a seat of a call has reported: what a journal keeps once a case has all the rest. */
export interface ReportedRecord
  extends Pick<ReportRecord, 'id' | 'code' | 'match' | 'by' | 'of' | 'reporterSide' | 'atWallMs'> {
  readonly kind: 'reported';
}

/** What a journal gives back. */
export type ReplayedRecord = JournalRecord | ReportedRecord;

/** A report, with all that was written and attached. */
export interface ReportRecord {
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
  /** Lines came with it that nobody had said, so that none of them is kept; else left out. */
  readonly contradicted?: true;
  readonly reporterSide: Seat;
  readonly atWallMs: number;
}

export interface Journal {
  /**
   * Appends a record. `entry` is the gateway's name for it: `Gateway.journalSettled(entry, …)`
   * is called once it is on disk (fsynced) or could not be written. Records settle in any order.
   */
  append(entry: number, record: JournalRecord): void;
}

/** What somebody may do here: meet people, meet them by text alone, or nothing. */
export type Standing =
  | { readonly may: 'meet' }
  | {
      readonly may: 'text' | 'nothing';
      /**
       * `decision`: people decided it of this person. `network`: of the network that they come from.
       * `hold`: software keeps them out until people have looked.
       */
      readonly because: 'decision' | 'network' | 'hold';
      /**
       * The code under which the decision is appealed against, or, where it is of somebody else, that under
       * which one writes to the moderators; null where there is neither.
       */
      readonly appeal: string | null;
      /** Null holds until it is lifted. */
      readonly endsAtWallMs: number | null;
    };

/** By what somebody is known when they come. */
export interface Known {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /** Of the socket or, from a listed proxy, of its header. */
  readonly clientAddress: string;
}

/** What people decided about those who come. Answers from memory, in constant time. */
export interface Standings {
  of(known: Known, nowWallMs: number): Standing;
}

/** What is known of those who search. Answers from memory, in constant time. */
export interface Circles {
  /** Where somebody is in a search that begins now. Chance has a part in it: asked once a search. */
  placeOf(subject: SubjectId, nowWallMs: number): Place;
}

/**
 * Addresses that the signalling policy lets through, beside the sessions' own; and who comes from one
 * network.
 */
export interface NetworkFacts {
  /**
   * By what the network of an address is known, to keep its people apart; null where they may meet, or
   * it is none. An id that tells nobody the network.
   */
  keptApart(clientAddress: string): string | null;
  /** All addresses of this machine's interfaces, read afresh at each match. */
  localAddresses(): readonly string[];
  /** The addresses from which this node's TURN servers relay. */
  relayAddresses(): readonly string[];
}

/** What happened, for metrics and the log; never an address, a cookie or a text. */
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

/** A session, as the tests' invariants see it; also behind the counts in metrics. */
export interface GatewayCounts {
  readonly online: number;
  readonly detached: number;
  readonly waiting: number;
  readonly calls: number;
}

/** How much of each kind a gateway holds: for the metrics and the tests of the bounds. */
export interface GatewaySizes {
  readonly connections: number;
  readonly sessions: number;
  readonly deadlines: number;
  /** Of these four, entries that have expired may still be counted for a while. */
  readonly usedTickets: number;
  readonly ageRefusals: number;
  readonly recentBlocks: number;
  readonly reports: number;
  /** Calls of before a restart, waiting for a seat or settled. */
  readonly restores: number;
  readonly pendingWrites: number;
  /** UTF-16 units of pre-made offers. */
  readonly offerChars: number;
  readonly searches: number;
  readonly calls: number;
  /** Of the seats of all calls: those that have a gate for their candidates. */
  readonly gates: number;
  /** Lines kept back from the seats that still lack older ones, of all calls together. */
  readonly heldLines: number;
}

/** Named here because the server mints session tickets over HTTP and the gateway redeems them. */
export interface SessionTicketClaims {
  readonly session: SessionId;
  readonly subject: SubjectId;
  /** By the wall clock; a ticket is not accepted afterwards. */
  readonly expiresAtWallMs: number;
}
