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
 * Everything that a participant's page may say to a node, by type. The decoder compiles each
 * schema once.
 *
 * A *sequenced* message carries `seq`, its place in the session's stream to the node, and is
 * taken exactly once, in order, across a resume. The others are about the link itself, or worth
 * nothing late. `SPEC.md` numbers the rules.
 */
export const CLIENT_SCHEMAS = messages({
  'session.hello': {
    version: Version,
    /** Got over HTTP; needed for a new session, and allowed beside `resume` as a fall-back. */
    ticket: Type.Optional(Token),
    device: Type.Object(
      {
        /** The uncompressed P-256 point, 65 bytes, base64url. */
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
          /** The last sequenced frame of the node's that arrived. */
          received: Acknowledged,
        },
        closed,
      ),
    ),
    /** A page that was just opened: a call that an older one left without a word is kept for it. */
    newPage: Type.Optional(Type.Literal(true)),
    /** Reserved: proof of work, or an age provider's answer. A node without a use ignores it. */
    proof: Type.Optional(Type.String({ maxLength: limits.PROOF_CHARS_MAX })),
  },
  /** The person leaves for good: nothing is kept for a resume. */
  'session.leave': {},
  'link.ping': { n: PingNumber, ack: Acknowledged },
  'link.ack': { ack: Acknowledged },
  'age.declare': {
    ...sequenced,
    answer: Type.Enum(['adult', 'minor']),
    /** The version of the rules that the person agreed to. */
    policyVersion: PolicyVersion,
  },
  'ticket.create': {
    ...sequenced,
    /** The client's name for this search. */
    ticket: Id,
    mode: Mode,
    interests: Interests,
    /** Only people who share an interest. */
    onlyShared: Type.Boolean(),
    languages: Languages,
    policyVersion: PolicyVersion,
    /** A pre-made offer with its candidates; used if this side becomes the offerer. */
    offer: Type.Optional(Sdp),
  },
  /** "Anyone": drops the wish for a shared interest, and keeps the time waited. */
  'ticket.widen': { ...sequenced, ticket: Id },
  'ticket.withdraw': { ...sequenced, ticket: Id },
  'signal.offer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, candidate: Candidate },
  'chat.send': {
    ...sequenced,
    ...inCall,
    /** The client's name for this line; the answer repeats it. */
    id: Id,
    text: Type.String({ maxLength: limits.LINE_CHARS_DECODED_MAX }),
  },
  /** After a restore: a line that the other side has not seen, as the server once tagged it. */
  'chat.replay': { ...sequenced, ...inCall, line: TaggedLine },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  'call.react': { ...inCall, reaction: Reaction },
  'media.update': { ...sequenced, ...inCall, media: MediaState },
  /** This person's yes or no to a direct connection, having been told what it shows. */
  'direct.consent': { ...sequenced, ...inCall, allowed: Type.Boolean() },
  /**
   * In a text call: this person's yes or no to going on by video. A yes is an offer, or the answer to
   * one; a no takes back whatever was offered by either.
   */
  'video.consent': {
    ...sequenced,
    ...inCall,
    allowed: Type.Boolean(),
    /** The version of the rules that the person agreed to. */
    policyVersion: PolicyVersion,
  },
  'call.first-frame': {
    ...sequenced,
    ...inCall,
    /** From `match.found` to the first remote frame. */
    elapsedMs: DurationMs,
    /** What carries the media. */
    way: Type.Enum(['direct', 'relay']),
  },
  'call.end': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['next', 'stop', 'page-hidden', 'connect-failed']),
  },
  /** After a node's restart: presents the receipt of a call that this page still holds. */
  'call.restore': {
    ...sequenced,
    receipt: Token,
    /** The lines that this page has, from the first to this one, without a gap. */
    received: Counters,
    /** The latest of them, whose tag vouches for the counters; absent where there is none. */
    latest: Type.Optional(TaggedLine),
  },
  'block.create': { ...sequenced, receipt: Token },
  /** Takes a block of one's own back. */
  'block.remove': {
    ...sequenced,
    /** The client's name for the wish; the answer repeats it. */
    id: Id,
    /** As `block.accepted` brought it. */
    proof: Token,
  },
  'report.create': {
    ...sequenced,
    /** The client's name for the report: a second one of the same name is the same report. */
    id: Id,
    /** The call receipt: the only thing that can report somebody. */
    receipt: Token,
    reason: ReportReason,
    note: Type.Optional(Type.String({ maxLength: limits.REPORT_NOTE_CHARS_MAX })),
    /** A contiguous range of the call's lines, oldest first. */
    lines: Type.Array(TaggedLine, { maxItems: limits.REPORT_LINES_MAX }),
  },
});

type Messages = MessagesOf<typeof CLIENT_SCHEMAS>;

export type ClientMessageType = keyof Messages;

/** The message of one type. */
export type ClientMessageOf<T extends ClientMessageType> = Messages[T];

export type ClientMessage = Messages[ClientMessageType];

/** Those that are taken exactly once and in order. */
export type SequencedClientMessage = Extract<ClientMessage, { seq: number }>;

/** Those of a call that are sent once and may be lost with a socket. */
export type PassingClientMessage = Exclude<
  Extract<ClientMessage, { match: string }>,
  SequencedClientMessage
>;
