import Type from 'typebox';
import {
  Acknowledged,
  AgeState,
  Candidate,
  Card,
  Counters,
  callOpened,
  closed,
  DurationMs,
  ExchangeState,
  Ice,
  Id,
  Interests,
  inCall,
  Languages,
  MediaState,
  type MessagesOf,
  Mode,
  messages,
  nextMode,
  People,
  PingNumber,
  PolicyVersion,
  QuestionFault,
  Reaction,
  Sdp,
  Seat,
  Step,
  sequenced,
  TaggedLine,
  Token,
  Version,
  WallMs,
} from './fields.ts';
import * as limits from './limits.ts';
import { TicketRefusal } from './ticket-refusal.ts';

const sessionReply = {
  session: Id,
  /** Secret that the next `resume` must contain. */
  secret: Token,
  /** Number of the last sequenced client frame that the node processed. */
  received: Acknowledged,
};

/**
 * Present only if another cookie on this device declared to be a minor. Contains the end of the
 * refusal and a code to appeal.
 */
const RefusedByDevice = Type.Object({ endsAtMs: WallMs, appeal: Id }, closed);

/** Fields of the messages that change the mode of a call. */
const modeChanged = {
  transport: callOpened.transport,
  directOffered: callOpened.directOffered,
  ...nextMode,
  step: Type.Optional(Step),
  /** Replaces the call's earlier receipt. The new receipt restores the call in the new mode. */
  receipt: callOpened.receipt,
};

/**
 * Schemas of the messages from a node to a user's page, by message type. A client ignores
 * unknown types and keys, and a node sends only these. A sequenced message carries `seq`. The
 * node buffers it until it is acknowledged, and resends it without `ack` after a resume. The
 * page imports only the types, and tests use the schemas.
 */
export const SERVER_SCHEMAS = messages({
  /** First frame on each socket. The client signs its nonce with the device key. */
  'session.challenge': {
    nonce: Id,
    versions: Type.Object({ min: Version, max: Version }, closed),
    /** Set if the node reads `ack` in sequenced messages of this socket. */
    acks: Type.Optional(Type.Literal(true)),
  },
  'session.opened': {
    ...sessionReply,
    /** Session receipt, with which the page gets new TURN credentials. */
    receipt: Token,
    ice: Ice,
    age: Type.Object(
      { state: AgeState, refused: Type.Boolean(), byDevice: Type.Optional(RefusedByDevice) },
      closed,
    ),
    policyVersion: PolicyVersion,
    /**
     * Why the node couldn't resume the session that the client asked for. Absent if the client
     * asked for none.
     */
    reset: Type.Optional(Type.Enum(['unknown-session', 'out-of-range'])),
    /** A call that the user can rejoin. The page that had opened the call is gone. */
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
  /** The session continues. The frames that the client hasn't acknowledged follow unchanged. */
  'session.resumed': { ...sessionReply },
  'link.pong': { n: PingNumber, ack: Acknowledged },
  'link.ack': { ack: Acknowledged },
  /** Number of users online. The node sends it on a timer, so that a single join isn't visible. */
  'online.count': { online: People },
  /** The node will stop. It accepts no new search, and calls continue until the deadline. */
  'server.moving': { deadlineMs: DurationMs },
  /**
   * What the user may do from now on. The node sends it before closing with `sanctioned`, and as
   * the first message of a restricted session. A user without any restriction never gets this
   * message.
   */
  'standing.changed': {
    may: Type.Enum(['meet', 'text', 'nothing']),
    /**
     * Reason of the restriction, absent if `may` is `meet`. `decision` is a decision about this
     * user. `network` is a ban of the user's network. `hold` is a suspension of at most a day,
     * until a review.
     */
    because: Type.Optional(Type.Enum(['decision', 'network', 'hold'])),
    /**
     * Code with which the user reads and appeals the decision. For the ban of a shared network
     * or device, the code only allows writing to the moderators. For a suspension until review,
     * the code allows an appeal.
     */
    appeal: Type.Optional(Id),
    /** Time at which the restriction ends. Absent if it has no end. */
    endsAtMs: Type.Optional(WallMs),
    /**
     * Set if software limits whom the user meets because of reports. Present only if `may` is
     * `meet`. The node sends it late on purpose. `appeal` is absent after a decision, because
     * the decision has its own code.
     */
    limited: Type.Optional(Type.Object({ endsAtMs: WallMs, appeal: Type.Optional(Id) })),
    /** Set while language exchange is closed for this user. The other ways to meet stay open. */
    exchangeClosed: Type.Optional(Type.Object({ endsAtMs: WallMs, appeal: Type.Optional(Id) })),
  },
  'age.answered': {
    ...sequenced,
    state: AgeState,
    /**
     * True if the user answered that they are under 18. The server is for adults, so it doesn't
     * ask for the user's age again.
     */
    refused: Type.Boolean(),
    byDevice: Type.Optional(RefusedByDevice),
  },
  'ticket.accepted': {
    ...sequenced,
    ticket: Id,
    interests: Interests,
    /** Number of users who wait in this mode. A node no longer sends it, see PR-31a. */
    waiting: Type.Optional(People),
    /** Recent typical waiting time in this mode. Absent without enough data. */
    usualWaitMs: Type.Optional(DurationMs),
    /** When the hour begins for which the user waits. 0 if it is on. Absent without an hour. */
    opensInMs: Type.Optional(DurationMs),
  },
  'ticket.refused': {
    ...sequenced,
    ticket: Id,
    reason: TicketRefusal,
    /** What is wrong with the question. Present only with `bad-question`. */
    fault: Type.Optional(QuestionFault),
    /** Time after which the client may try again. Absent if waiting doesn't help. */
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
    /** The peer's prepared offer after filtering. Only the answerer gets it. */
    offer: Type.Optional(Sdp),
    /**
     * Whether the answerer got the offerer's prepared offer. If true, the offerer can expect an
     * answer without sending an offer.
     */
    offerUsed: Type.Boolean(),
  },
  'signal.offer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, candidate: Candidate },
  /**
   * The node didn't forward a session description, so the connection that it describes won't be
   * made.
   */
  'signal.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['bad-description', 'wrong-role', 'too-fast']),
  },
  /** A chat line, which the node sends to both users, including its sender. */
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
      /** The user's seat sends no lines. */
      'not-allowed',
      // Nodes never send this reason. The page sets it for lines that were sent but not accepted
      // before the call ended.
      'call-over',
    ]),
  },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  /** A reaction of the peer. The sender doesn't get it back. */
  'call.reaction': { ...inCall, reaction: Reaction },
  /** A card that the peer put on the table, or repeats after a lost socket. */
  'call.card': { ...inCall, card: Card },
  /** The bell of an hour rings soon, and ends the call unless both users want to continue. */
  'round.ending': { ...inCall, inMs: DurationMs },
  /** The state of the peer's page in a language exchange. */
  'call.exchange': { ...inCall, state: ExchangeState },
  'media.updated': { ...sequenced, ...inCall, media: MediaState },
  /**
   * Both users' answers about a direct connection. If both allow it, the page gathers ICE
   * candidates again without the relay-only policy.
   */
  'direct.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /**
   * Both users' answers about the next mode. If this user said yes and both answers are now no, the
   * peer refused.
   */
  'video.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /**
   * The node didn't accept the user's yes to the next mode. The call continues and the peer isn't
   * notified.
   */
  'video.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['age-required', 'policy-changed', 'too-often']),
  },
  /**
   * Both users agreed to the next mode. The call continues in that mode and the same epoch, with a
   * new media connection and the same WebRTC roles.
   */
  'video.started': {
    ...sequenced,
    ...inCall,
    /** The new mode. Absent if it is video. */
    mode: Type.Optional(Mode),
    ...modeChanged,
  },
  /**
   * A user took the call down to a lower mode. The media of the higher mode have ended. A mode with
   * sound gets a new media connection, with the same WebRTC roles.
   */
  'mode.lowered': {
    ...sequenced,
    ...inCall,
    mode: Mode,
    /** Whether this user lowered the mode. */
    you: Type.Boolean(),
    ...modeChanged,
  },
  /** False if the peer's socket was lost, true once the peer is back. The call continues. */
  'peer.presence': {
    ...sequenced,
    ...inCall,
    present: Type.Boolean(),
    /** Seat of the user. Absent in a call of two. */
    side: Type.Optional(Seat),
  },
  'call.ended': {
    ...sequenced,
    ...inCall,
    /**
     * Why the call ended. `you`: this user ended it. `left`: the peer chose Next, stopped,
     * blocked or reported, and the node doesn't disclose which. `lost`: the peer didn't
     * reconnect. `connect-failed`: no media path was found. `moving`: the server stops.
     * `not-restored`: the peer didn't return after a restart. `bell`: the round of an hour is over,
     * and the node doesn't disclose who wanted to continue.
     */
    reason: Type.Enum(['you', 'left', 'lost', 'connect-failed', 'moving', 'not-restored', 'bell']),
  },
  /**
   * The receipt of this user is valid. The node waits for the peer's receipt until the deadline.
   */
  'call.restoring': { ...sequenced, match: Id, deadlineMs: DurationMs },
  'call.restored': {
    ...sequenced,
    ...inCall,
    ...callOpened,
    /** Number of chat lines of each seat. The node takes the higher numbers of the two users. */
    counters: Counters,
    /**
     * Number of chat lines of each seat that the peer has. This page must replay the later
     * lines.
     */
    peerReceived: Counters,
    /**
     * Set if one of the users is on a new page, which has no chat lines and no media connection.
     */
    newPage: Type.Optional(Type.Literal(true)),
  },
  'restore.refused': {
    ...sequenced,
    reason: Type.Enum(['bad-receipt', 'too-late', 'busy', 'bad-lines']),
  },
  'invitation.created': {
    ...sequenced,
    id: Id,
    /** Part of the link. It names the host, so only the host can withdraw it. */
    invitation: Token,
    endsAtMs: WallMs,
  },
  'invitation.refused': { ...sequenced, id: Id },
  /** The block is stored on disk. */
  'block.accepted': {
    ...sequenced,
    match: Id,
    /** Seat of the blocked user. Absent in a call of two. */
    of: Type.Optional(Seat),
    /**
     * Proof with which the user can remove the block at any time. Absent if the block was stored
     * by an older version.
     */
    proof: Type.Optional(Token),
  },
  'block.refused': { ...sequenced, reason: Type.Enum(['bad-receipt', 'too-fast', 'not-stored']) },
  'block.removed': { ...sequenced, id: Id },
  /**
   * The block wasn't removed. With `bad-proof`, the proof was made for another user or for no
   * block of this server.
   */
  'block.kept': {
    ...sequenced,
    id: Id,
    reason: Type.Enum(['bad-proof', 'too-fast', 'not-stored']),
  },
  /** The report is stored on disk. */
  'report.accepted': {
    ...sequenced,
    id: Id,
    /** A code by which the reporter can refer to the report when writing to the operator. */
    code: Type.String({ minLength: 1, maxLength: limits.REPORT_CODE_CHARS_MAX }),
    /**
     * Token that requests the report's outcome. It identifies only the report and works for
     * nothing else.
     */
    outcome: Token,
    /** True if this user had already reported the peer in this call, so the reports were merged. */
    merged: Type.Boolean(),
    /** Single-use, short-lived token for uploading pictures. Absent if the node accepts none. */
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

/** Messages that the node sends once, so a lost socket may lose them. */
export type PassingServerMessage = Exclude<ServerMessage, { seq: number }>;

/** A sequenced message to which the session hasn't assigned a number yet. */
export type Unsequenced<M> = M extends { seq: number } ? Omit<M, 'seq' | 'ack'> : never;
