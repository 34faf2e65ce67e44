import Type from 'typebox';
import {
  Acknowledged,
  Candidate,
  Counters,
  closed,
  DurationMs,
  Id,
  Interests,
  inCall,
  Languages,
  MediaState,
  type MessagesOf,
  Mode,
  messages,
  PingNumber,
  PolicyVersion,
  Reaction,
  ReportReason,
  Sdp,
  sequenced,
  TaggedLine,
  Token,
  Version,
} from './fields.ts';
import * as limits from './limits.ts';

/**
 * Messages from a user's page to a node, by type; the rules are in `SPEC.md`.
 * A *sequenced* message carries `seq` and is processed exactly once, in order, across a resume. The
 * others concern the link or are worthless late.
 */
export const CLIENT_SCHEMAS = messages({
  'session.hello': {
    version: Version,
    /** From HTTP; required for a new session, and allowed with `resume` as a fallback. */
    ticket: Type.Optional(Token),
    device: Type.Object(
      {
        /** Uncompressed P-256 point, 65 bytes, base64url. */
        publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{87}$' }),
        /** ECDSA with SHA-256 over `helloPayload`, r and s, 64 bytes, base64url. */
        signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
      },
      closed,
    ),
    resume: Type.Optional(
      Type.Object(
        {
          session: Id,
          secret: Token,
          /** Last sequenced frame received from the node. */
          received: Acknowledged,
        },
        closed,
      ),
    ),
    /** The page has just loaded: a call that an older page left open is kept for it. */
    newPage: Type.Optional(Type.Literal(true)),
    /** Reserved for proof of work or age proofs. Nodes without a use ignore it. */
    proof: Type.Optional(Type.String({ maxLength: limits.PROOF_CHARS_MAX })),
  },
  /** The user leaves for good: the node keeps nothing for a resume. */
  'session.leave': {},
  'link.ping': { n: PingNumber, ack: Acknowledged },
  'link.ack': { ack: Acknowledged },
  'age.declare': {
    ...sequenced,
    answer: Type.Enum(['adult', 'minor']),
    policyVersion: PolicyVersion,
  },
  'ticket.create': {
    ...sequenced,
    /** Chosen by the client. */
    ticket: Id,
    mode: Mode,
    interests: Interests,
    onlyShared: Type.Boolean(),
    languages: Languages,
    policyVersion: PolicyVersion,
    /** A pre-made offer with its candidates; used if this client becomes the offerer. */
    offer: Type.Optional(Sdp),
  },
  'ticket.widen': { ...sequenced, ticket: Id },
  'ticket.withdraw': { ...sequenced, ticket: Id },
  'signal.offer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, candidate: Candidate },
  'chat.send': {
    ...sequenced,
    ...inCall,
    /** Chosen by the client; the reply repeats it. */
    id: Id,
    text: Type.String({ maxLength: limits.LINE_CHARS_DECODED_MAX }),
  },
  /** After a restore: resends a tagged line that the peer hasn't received. */
  'chat.replay': { ...sequenced, ...inCall, line: TaggedLine },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  'call.react': { ...inCall, reaction: Reaction },
  'media.update': { ...sequenced, ...inCall, media: MediaState },
  /** The user's answer to a direct connection, after the page explained what it reveals. */
  'direct.consent': { ...sequenced, ...inCall, allowed: Type.Boolean() },
  /** A yes is an offer or accepts one; a no withdraws either side's offer. */
  'video.consent': {
    ...sequenced,
    ...inCall,
    allowed: Type.Boolean(),
    policyVersion: PolicyVersion,
  },
  'call.first-frame': {
    ...sequenced,
    ...inCall,
    elapsedMs: DurationMs,
    way: Type.Enum(['direct', 'relay']),
  },
  'call.end': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['next', 'stop', 'page-hidden', 'connect-failed']),
  },
  /** After a node restart: presents the receipt of a call that this page still has open. */
  'call.restore': {
    ...sequenced,
    receipt: Token,
    /** Lines that this page has, without gaps. */
    received: Counters,
    /** The last of these lines; its tag proves the counters. Absent without lines. */
    latest: Type.Optional(TaggedLine),
  },
  'block.create': { ...sequenced, receipt: Token },
  'block.remove': {
    ...sequenced,
    /** Chosen by the client; the reply repeats it. */
    id: Id,
    proof: Token,
  },
  'report.create': {
    ...sequenced,
    /** Chosen by the client; a repeated id is the same report. */
    id: Id,
    /** Call receipt; a report requires it. */
    receipt: Token,
    reason: ReportReason,
    note: Type.Optional(Type.String({ maxLength: limits.REPORT_NOTE_CHARS_MAX })),
    /** A contiguous range of the call's lines, oldest first. */
    lines: Type.Array(TaggedLine, { maxItems: limits.REPORT_LINES_MAX }),
  },
});

type Messages = MessagesOf<typeof CLIENT_SCHEMAS>;

export type ClientMessageType = keyof Messages;

export type ClientMessageOf<T extends ClientMessageType> = Messages[T];

export type ClientMessage = Messages[ClientMessageType];

export type SequencedClientMessage = Extract<ClientMessage, { seq: number }>;

/** Those of a call that are sent once and may be lost with a socket. */
export type PassingClientMessage = Exclude<
  Extract<ClientMessage, { match: string }>,
  SequencedClientMessage
>;
