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
  Mode,
  PingNumber,
  PolicyVersion,
  ReportReason,
  Sdp,
  sequenced,
  TaggedLine,
  Token,
  Version,
} from './fields.ts';
import * as limits from './limits.ts';

/**
 * Everything that a participant's page may say to a node, once, as schema and type.
 *
 * A *sequenced* message carries `seq`, its place in the session's stream to the node, and is
 * taken exactly once, in order, across a resume. The others are about the link itself, or worth
 * nothing late. `SPEC.md` numbers the rules.
 */

export const SessionHello = Type.Object(
  {
    type: Type.Literal('session.hello'),
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
  closed,
);

/** The person leaves for good: nothing is kept for a resume. */
export const SessionLeave = Type.Object({ type: Type.Literal('session.leave') }, closed);

export const LinkPing = Type.Object(
  {
    type: Type.Literal('link.ping'),
    n: PingNumber,
    ack: Acknowledged,
  },
  closed,
);

export const LinkAck = Type.Object({ type: Type.Literal('link.ack'), ack: Acknowledged }, closed);

export const AgeDeclare = Type.Object(
  {
    type: Type.Literal('age.declare'),
    ...sequenced,
    answer: Type.Union([Type.Literal('adult'), Type.Literal('minor')]),
    /** The version of the rules that the person agreed to. */
    policyVersion: PolicyVersion,
  },
  closed,
);

export const TicketCreate = Type.Object(
  {
    type: Type.Literal('ticket.create'),
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
  closed,
);

/** "Anyone": drops the wish for a shared interest, and keeps the time waited. */
export const TicketWiden = Type.Object(
  { type: Type.Literal('ticket.widen'), ...sequenced, ticket: Id },
  closed,
);

export const TicketWithdraw = Type.Object(
  { type: Type.Literal('ticket.withdraw'), ...sequenced, ticket: Id },
  closed,
);

export const SignalOffer = Type.Object(
  { type: Type.Literal('signal.offer'), ...sequenced, ...inCall, sdp: Sdp },
  closed,
);

export const SignalAnswer = Type.Object(
  { type: Type.Literal('signal.answer'), ...sequenced, ...inCall, sdp: Sdp },
  closed,
);

export const SignalCandidate = Type.Object(
  { type: Type.Literal('signal.candidate'), ...sequenced, ...inCall, candidate: Candidate },
  closed,
);

export const ChatSend = Type.Object(
  {
    type: Type.Literal('chat.send'),
    ...sequenced,
    ...inCall,
    /** The client's name for this line; the answer repeats it. */
    id: Id,
    text: Type.String({ maxLength: limits.LINE_CHARS_DECODED_MAX }),
  },
  closed,
);

/** After a restore: a line that the other side has not seen, as the server once tagged it. */
export const ChatReplay = Type.Object(
  { type: Type.Literal('chat.replay'), ...sequenced, ...inCall, line: TaggedLine },
  closed,
);

export const ChatTyping = Type.Object(
  { type: Type.Literal('chat.typing'), ...inCall, active: Type.Boolean() },
  closed,
);

export const MediaUpdate = Type.Object(
  { type: Type.Literal('media.update'), ...sequenced, ...inCall, media: MediaState },
  closed,
);

/** This person's yes or no to a direct connection, having been told what it shows. */
export const DirectConsent = Type.Object(
  { type: Type.Literal('direct.consent'), ...sequenced, ...inCall, allowed: Type.Boolean() },
  closed,
);

/**
 * In a text call: this person's yes or no to going on by video. A yes is an offer, or the answer to
 * one; a no takes back whatever was offered by either.
 */
export const VideoConsent = Type.Object(
  {
    type: Type.Literal('video.consent'),
    ...sequenced,
    ...inCall,
    allowed: Type.Boolean(),
    /** The version of the rules that the person agreed to. */
    policyVersion: PolicyVersion,
  },
  closed,
);

export const CallFirstFrame = Type.Object(
  {
    type: Type.Literal('call.first-frame'),
    ...sequenced,
    ...inCall,
    /** From `match.found` to the first remote frame. */
    elapsedMs: DurationMs,
    /** What carries the media. */
    way: Type.Union([Type.Literal('direct'), Type.Literal('relay')]),
  },
  closed,
);

export const CallEnd = Type.Object(
  {
    type: Type.Literal('call.end'),
    ...sequenced,
    ...inCall,
    reason: Type.Union([
      Type.Literal('next'),
      Type.Literal('stop'),
      Type.Literal('page-hidden'),
      Type.Literal('connect-failed'),
    ]),
  },
  closed,
);

/** After a node's restart: presents the receipt of a call that this page still holds. */
export const CallRestore = Type.Object(
  {
    type: Type.Literal('call.restore'),
    ...sequenced,
    receipt: Token,
    /** The lines that this page has, from the first to this one, without a gap. */
    received: Counters,
    /** The latest of them, whose tag vouches for the counters; absent where there is none. */
    latest: Type.Optional(TaggedLine),
  },
  closed,
);

export const BlockCreate = Type.Object(
  { type: Type.Literal('block.create'), ...sequenced, receipt: Token },
  closed,
);

/** Takes a block of one's own back. */
export const BlockRemove = Type.Object(
  {
    type: Type.Literal('block.remove'),
    ...sequenced,
    /** The client's name for the wish; the answer repeats it. */
    id: Id,
    /** As `block.accepted` brought it. */
    proof: Token,
  },
  closed,
);

export const ReportCreate = Type.Object(
  {
    type: Type.Literal('report.create'),
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
  closed,
);

/** By type; the decoder compiles each once. */
export const CLIENT_SCHEMAS = {
  'session.hello': SessionHello,
  'session.leave': SessionLeave,
  'link.ping': LinkPing,
  'link.ack': LinkAck,
  'age.declare': AgeDeclare,
  'ticket.create': TicketCreate,
  'ticket.widen': TicketWiden,
  'ticket.withdraw': TicketWithdraw,
  'signal.offer': SignalOffer,
  'signal.answer': SignalAnswer,
  'signal.candidate': SignalCandidate,
  'chat.send': ChatSend,
  'chat.replay': ChatReplay,
  'chat.typing': ChatTyping,
  'media.update': MediaUpdate,
  'direct.consent': DirectConsent,
  'video.consent': VideoConsent,
  'call.first-frame': CallFirstFrame,
  'call.end': CallEnd,
  'call.restore': CallRestore,
  'block.create': BlockCreate,
  'block.remove': BlockRemove,
  'report.create': ReportCreate,
} as const;

type Schemas = typeof CLIENT_SCHEMAS;

export type ClientMessageType = keyof Schemas;

/** The message of one type. */
export type ClientMessageOf<T extends ClientMessageType> = Type.Static<Schemas[T]>;

export type ClientMessage = { [T in ClientMessageType]: ClientMessageOf<T> }[ClientMessageType];

/** Those that are taken exactly once and in order. */
export type SequencedClientMessage = Extract<ClientMessage, { seq: number }>;
