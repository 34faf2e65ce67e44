import Type from 'typebox';
import {
  Acknowledged,
  Candidate,
  Card,
  CommunityName,
  Counters,
  closed,
  DurationMs,
  ExchangeState,
  ExchangeWish,
  Id,
  Interests,
  inCall,
  Languages,
  MediaState,
  MeetingBy,
  type MessagesOf,
  Mode,
  messages,
  PingNumber,
  PolicyVersion,
  Reaction,
  ReportReason,
  Role,
  Sdp,
  Seat,
  Step,
  sequenced,
  TaggedLine,
  Token,
  Version,
} from './fields.ts';
import * as limits from './limits.ts';

/**
 * The step of the call (see `Step`) that the page knew when it sent the message. The node drops the
 * message if the call's mode has changed since then.
 */
const atStep = { step: Type.Optional(Step) };

/** Seat of the user whom the message is about. Absent in a call of two. */
const about = { of: Type.Optional(Seat) };

/**
 * Schemas of the messages from a user's page to a node, by message type. `SPEC.md` has the
 * rules. A *sequenced* message carries `seq`. The node processes each sequenced message exactly
 * once and in order, even if the session resumes on a new socket. The other messages concern the
 * connection, or have no value when late.
 */
export const CLIENT_SCHEMAS = messages({
  'session.hello': {
    version: Version,
    /**
     * Session ticket that the client got over HTTP. A new session requires it. A `resume` may
     * include it, so that the node can open a new session if it can't resume the old one.
     */
    ticket: Type.Optional(Token),
    device: Type.Object(
      {
        /** Uncompressed P-256 point, 65 bytes, in base64url. */
        publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{87}$' }),
        /** ECDSA signature of `helloPayload` with SHA-256: r and s, 64 bytes, in base64url. */
        signature: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$' }),
      },
      closed,
    ),
    resume: Type.Optional(
      Type.Object(
        {
          session: Id,
          secret: Token,
          /** Number of the last sequenced frame that the client received from the node. */
          received: Acknowledged,
        },
        closed,
      ),
    ),
    /**
     * Set if the page has just loaded. If an older page of the user left a call open, the node
     * lets this page rejoin it.
     */
    newPage: Type.Optional(Type.Literal(true)),
    /** Reserved for a proof of work or a proof of age. A node that needs no proof ignores it. */
    proof: Type.Optional(Type.String({ maxLength: limits.PROOF_CHARS_MAX })),
  },
  /** The user leaves for good, so the node stores nothing for a resume. */
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
    /** Id of the search, chosen by the client. */
    ticket: Id,
    mode: Mode,
    /** Lowest mode at which the user agrees to start. Absent if only `mode`. */
    lowest: Type.Optional(Mode),
    /** The seat that the user wants. Present only in the question mode. */
    role: Type.Optional(Role),
    /** The asker's question. The node checks it and sends it as the first line of the call. */
    question: Type.Optional(Type.String({ maxLength: limits.QUESTION_CHARS_DECODED_MAX })),
    interests: Interests,
    onlyShared: Type.Boolean(),
    languages: Languages,
    policyVersion: PolicyVersion,
    /**
     * A prepared SDP offer with its ICE candidates. The node uses it if this client becomes the
     * offerer.
     */
    offer: Type.Optional(Sdp),
    /**
     * The private meeting that the user waits for: by an invitation's link, or with the peer of an
     * earlier call. The token is the link's, or the call's receipt.
     */
    meeting: Type.Optional(Type.Object({ by: MeetingBy, token: Token }, closed)),
    /**
     * The community in which the user searches, and the version of its rules that the user agreed
     * to. Its door may need a pass, which POST `/api/community` gives for a code.
     */
    community: Type.Optional(
      Type.Object(
        { name: CommunityName, version: PolicyVersion, pass: Type.Optional(Token) },
        closed,
      ),
    ),
    /** Present if the user seeks a language exchange. Ignored in a private meeting. */
    exchange: Type.Optional(ExchangeWish),
  },
  'ticket.widen': { ...sequenced, ticket: Id },
  'ticket.withdraw': { ...sequenced, ticket: Id },
  'signal.offer': { ...sequenced, ...inCall, ...atStep, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, ...atStep, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, ...atStep, candidate: Candidate },
  'chat.send': {
    ...sequenced,
    ...inCall,
    /** Id of the line, chosen by the client. The node's reply repeats it. */
    id: Id,
    text: Type.String({ maxLength: limits.LINE_CHARS_DECODED_MAX }),
    /** Id of the peer's line that this line corrects. Ignored outside a language exchange. */
    corrects: Type.Optional(Id),
  },
  /** Resends a tagged chat line that the peer hasn't received, after a call was restored. */
  'chat.replay': { ...sequenced, ...inCall, line: TaggedLine },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  'call.react': { ...inCall, reaction: Reaction },
  'call.card': { ...inCall, card: Card },
  'call.exchange': { ...inCall, state: ExchangeState },
  'media.update': { ...sequenced, ...inCall, media: MediaState },
  /**
   * The user's answer to the offer of a direct connection. The page has explained that a direct
   * connection reveals IP addresses.
   */
  'direct.consent': { ...sequenced, ...inCall, allowed: Type.Boolean() },
  /**
   * The user's answer about the next mode of the call. A yes offers that mode or accepts the peer's
   * offer. A no withdraws or declines the offer.
   */
  'video.consent': {
    ...sequenced,
    ...inCall,
    ...atStep,
    allowed: Type.Boolean(),
    policyVersion: PolicyVersion,
  },
  /** The user takes the call down to a lower mode. It needs no answer. */
  'mode.lower': { ...sequenced, ...inCall, mode: Mode },
  /**
   * The page has shown that the bell of an hour rings soon. `more`: the user wants to continue the
   * call after the bell.
   */
  'round.answer': { ...sequenced, ...inCall, more: Type.Boolean() },
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
    /**
     * Receipt of the call. Present if the page repeats the message in a new session, because the
     * node may not have received it in the earlier session.
     */
    receipt: Type.Optional(Token),
  },
  /** Presents the receipt of a call that this page still has open, after the node has restarted. */
  'call.restore': {
    ...sequenced,
    receipt: Token,
    /** Number of chat lines of each seat that this page has without gaps. */
    received: Counters,
    /**
     * The last chat line that this page has. Its tag proves the page's counters. Absent if the
     * page has no line.
     */
    latest: Type.Optional(TaggedLine),
  },
  'invitation.create': {
    ...sequenced,
    /** Id of the request, chosen by the client. The node's reply repeats it. */
    id: Id,
  },
  'invitation.withdraw': { ...sequenced, invitation: Token },
  'block.create': { ...sequenced, receipt: Token, ...about },
  'block.remove': {
    ...sequenced,
    /** Id of the request, chosen by the client. The node's reply repeats it. */
    id: Id,
    proof: Token,
  },
  'report.create': {
    ...sequenced,
    /** Id of the report, chosen by the client. A repeated id means the same report. */
    id: Id,
    /** Call receipt, without which the node refuses a report. */
    receipt: Token,
    ...about,
    reason: ReportReason,
    note: Type.Optional(Type.String({ maxLength: limits.REPORT_NOTE_CHARS_MAX })),
    /** A contiguous range of the call's chat lines, oldest first. */
    lines: Type.Array(TaggedLine, { maxItems: limits.REPORT_LINES_MAX }),
  },
});

type Messages = MessagesOf<typeof CLIENT_SCHEMAS>;

export type ClientMessageType = keyof Messages;

export type ClientMessageOf<T extends ClientMessageType> = Messages[T];

export type ClientMessage = Messages[ClientMessageType];

export type SequencedClientMessage = Extract<ClientMessage, { seq: number }>;

/** Messages within a call that are sent once and may be lost with a socket. */
export type PassingClientMessage = Exclude<
  Extract<ClientMessage, { match: string }>,
  SequencedClientMessage
>;
