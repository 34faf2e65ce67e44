import Type from 'typebox';
import {
  Acknowledged,
  AgeState,
  Candidate,
  Counters,
  callOpened,
  closed,
  DurationMs,
  Id,
  Interests,
  inCall,
  Languages,
  MediaState,
  type MessagesOf,
  messages,
  People,
  PingNumber,
  PolicyVersion,
  Reaction,
  Sdp,
  sequenced,
  TaggedLine,
  Token,
  Version,
  WallMs,
} from './fields.ts';
import * as limits from './limits.ts';

const sessionReply = {
  session: Id,
  /** Required by the next `resume`. */
  secret: Token,
  /** Last sequenced client frame that was processed. */
  received: Acknowledged,
};

/**
 * Only if another cookie on this device declared to be a minor: until when the device is refused,
 * and a code to appeal.
 */
const RefusedByDevice = Type.Object({ endsAtMs: WallMs, appeal: Id }, closed);

/**
 * Messages from a node to a user's page, by type.
 * Clients ignore unknown types and keys; nodes send only these. Sequenced messages carry `seq`, are
 * buffered until acknowledged, and are resent byte for byte after a resume. The page imports only
 * types; tests use the schemas.
 */
export const SERVER_SCHEMAS = messages({
  /** First frame on a socket, signed by the device key. */
  'session.challenge': { nonce: Id, versions: Type.Object({ min: Version, max: Version }, closed) },
  'session.opened': {
    ...sessionReply,
    /** Session receipt; gets new TURN credentials. */
    receipt: Token,
    age: Type.Object(
      { state: AgeState, refused: Type.Boolean(), byDevice: Type.Optional(RefusedByDevice) },
      closed,
    ),
    policyVersion: PolicyVersion,
    /** Why the requested resume failed. */
    reset: Type.Optional(Type.Enum(['unknown-session', 'out-of-range'])),
    /** An open call whose page is gone; the user can rejoin it. */
    rejoin: Type.Optional(
      Type.Object(
        {
          ...inCall,
          ...callOpened,
          startedAtMs: WallMs,
          elapsedMs: DurationMs,
          /** How long the call waits for the user. */
          deadlineMs: DurationMs,
        },
        closed,
      ),
    ),
  },
  /** The session continues; unacknowledged frames follow unchanged. */
  'session.resumed': { ...sessionReply },
  'link.pong': { n: PingNumber, ack: Acknowledged },
  'link.ack': { ack: Acknowledged },
  /** Users online; sent on a timer, not on each join. */
  'online.count': { online: People },
  /** The node will stop: no new searches; calls continue until the deadline. */
  'server.moving': { deadlineMs: DurationMs },
  /**
   * What the user may do from now on. Sent before a `sanctioned` close, and first in a restricted
   * session. A user without any restriction never gets it.
   */
  'standing.changed': {
    may: Type.Enum(['meet', 'text', 'nothing']),
    /**
     * Absent with `meet`. `decision`: about this user. `network`: about the user's network. `hold`:
     * suspended until review, a day at most.
     */
    because: Type.Optional(Type.Enum(['decision', 'network', 'hold'])),
    /**
     * Code to read and appeal the decision. For a shared network or device, a code that only allows
     * writing to the moderators. For a hold, a code to appeal it.
     */
    appeal: Type.Optional(Id),
    /** Absent if it has no end. */
    endsAtMs: Type.Optional(WallMs),
    /**
     * Only with `meet`: software limits whom the user meets, after reports. Sent late on purpose.
     * `appeal` is absent after a decision, which has its own code.
     */
    limited: Type.Optional(Type.Object({ endsAtMs: WallMs, appeal: Type.Optional(Id) })),
  },
  'age.answered': {
    ...sequenced,
    state: AgeState,
    /** True after an answer below 18: the server is for adults and doesn't ask again. */
    refused: Type.Boolean(),
    byDevice: Type.Optional(RefusedByDevice),
  },
  'ticket.accepted': {
    ...sequenced,
    ticket: Id,
    interests: Interests,
    /** Users waiting in this mode, including this one; approximate. */
    waiting: People,
    /** Recent typical wait in this mode; absent without enough data. */
    usualWaitMs: Type.Optional(DurationMs),
  },
  'ticket.refused': {
    ...sequenced,
    ticket: Id,
    reason: Type.Enum([
      'age-required',
      'policy-changed',
      'bad-interest',
      'bad-language',
      'bad-offer',
      'already-searching',
      'in-a-call',
      'too-fast',
      'server-moving',
      'pool-full',
    ]),
    /** Absent if waiting doesn't help. */
    retryAfterMs: Type.Optional(DurationMs),
  },
  'ticket.withdrawn': { ...sequenced, ticket: Id },
  'match.found': {
    ...sequenced,
    ...inCall,
    ticket: Id,
    ...callOpened,
    sharedInterests: Interests,
    sharedLanguages: Languages,
    startedAtMs: WallMs,
    /** For the answerer: the peer's pre-made offer, filtered. */
    offer: Type.Optional(Sdp),
    /** For the offerer: the ticket's offer is in use, so an answer will come. */
    offerUsed: Type.Boolean(),
  },
  'signal.offer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, candidate: Candidate },
  /** A description that was not relayed; its connection won't be made. */
  'signal.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['bad-description', 'wrong-role', 'too-fast']),
  },
  /** A chat line, sent to both users including its sender. */
  'chat.line': { ...sequenced, ...inCall, line: TaggedLine },
  'chat.refused': {
    ...sequenced,
    ...inCall,
    id: Id,
    reason: Type.Enum([
      'empty',
      'too-long',
      'bad-characters',
      'too-fast',
      // Set by the page for lines that the call's end overtook: nodes send nothing afterwards.
      'call-over',
    ]),
  },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  /** The sender gets none. */
  'call.reaction': { ...inCall, reaction: Reaction },
  'media.updated': { ...sequenced, ...inCall, media: MediaState },
  /** Both users' answers on a direct connection; if both allow it, gather again without a relay. */
  'direct.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /** Both users' answers on video in a text call. After the user's yes, two noes mean refusal. */
  'video.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /** A yes that doesn't count; the text call continues and the peer isn't notified. */
  'video.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['age-required', 'policy-changed', 'too-often']),
  },
  /** Both agreed: the call continues with video, in the same epoch and roles. */
  'video.started': {
    ...sequenced,
    ...inCall,
    transport: callOpened.transport,
    directOffered: callOpened.directOffered,
    /** Replaces the call's receipt and restores the call as video. */
    receipt: callOpened.receipt,
  },
  /** The peer's socket was lost (false) or is back (true); the call continues. */
  'peer.presence': { ...sequenced, ...inCall, present: Type.Boolean() },
  'call.ended': {
    ...sequenced,
    ...inCall,
    /**
     * `you`: this user ended it. `left`: the peer went on, stopped, blocked or reported, which
     * isn't disclosed. `lost`: the peer didn't reconnect. `connect-failed`: no media path.
     * `moving`: the server stops. `not-restored`: the peer didn't return after a restart.
     */
    reason: Type.Enum(['you', 'left', 'lost', 'connect-failed', 'moving', 'not-restored']),
  },
  /** The receipt is valid; the node waits for the peer's until the deadline. */
  'call.restoring': { ...sequenced, match: Id, deadlineMs: DurationMs },
  'call.restored': {
    ...sequenced,
    ...inCall,
    ...callOpened,
    /** The highest counters that either user presented. */
    counters: Counters,
    /** Lines that the peer has; later ones must be replayed. */
    peerReceived: Counters,
    /** One user is on a new page, without lines or a media connection. */
    newPage: Type.Optional(Type.Literal(true)),
  },
  'restore.refused': {
    ...sequenced,
    reason: Type.Enum(['bad-receipt', 'too-late', 'busy', 'bad-lines']),
  },
  /** The block is on disk. */
  'block.accepted': {
    ...sequenced,
    match: Id,
    /** Removes the block, at any time; absent for blocks stored by an older version. */
    proof: Type.Optional(Token),
  },
  'block.refused': { ...sequenced, reason: Type.Enum(['bad-receipt', 'too-fast', 'not-stored']) },
  'block.removed': { ...sequenced, id: Id },
  /** The block remains. `bad-proof`: made by another user or for no block of this server. */
  'block.kept': {
    ...sequenced,
    id: Id,
    reason: Type.Enum(['bad-proof', 'too-fast', 'not-stored']),
  },
  /** The report is on disk. */
  'report.accepted': {
    ...sequenced,
    id: Id,
    /** A code that the reporter can quote to the operator. */
    code: Type.String({ minLength: 1, maxLength: limits.REPORT_CODE_CHARS_MAX }),
    /** Requests the outcome; identifies only the report and works for nothing else. */
    outcome: Token,
    /** True if this seat had already reported the other in this call. */
    merged: Type.Boolean(),
    /** Single-use, short-lived token for the pictures; absent if none are accepted. */
    pictures: Type.Optional(Token),
  },
  'report.refused': {
    ...sequenced,
    id: Id,
    reason: Type.Enum(['bad-receipt', 'bad-lines', 'too-fast', 'not-stored']),
  },
});

type Messages = MessagesOf<typeof SERVER_SCHEMAS>;

export type ServerMessageType = keyof Messages;

export type ServerMessageOf<T extends ServerMessageType> = Messages[T];

export type ServerMessage = Messages[ServerMessageType];

export type SequencedServerMessage = Extract<ServerMessage, { seq: number }>;

/** Messages that are sent once and may be lost with a socket. */
export type PassingServerMessage = Exclude<ServerMessage, { seq: number }>;

/** A sequenced message before the session numbers it. */
export type Unsequenced<M> = M extends { seq: number } ? Omit<M, 'seq'> : never;
