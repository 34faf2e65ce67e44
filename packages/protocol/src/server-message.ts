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
  People,
  PingNumber,
  PolicyVersion,
  Sdp,
  sequenced,
  TaggedLine,
  Token,
  Version,
  WallMs,
} from './fields.ts';
import {
  BlockAccepted,
  BlockKept,
  BlockRefused,
  BlockRemoved,
  ReportAccepted,
  ReportRefused,
} from './report-message.ts';

/**
 * Everything that a node may say to a participant's page, once, as schema and type.
 *
 * A client ignores a type or a key that it does not know; a node never sends one that is not
 * here. Sequenced messages carry `seq`, are kept until acknowledged, and are sent again byte for
 * byte after a resume. The page imports types only; the schemas serve tests and fixtures.
 */

/** The first frame on a socket: what the device key must answer. */
export const SessionChallenge = Type.Object(
  {
    type: Type.Literal('session.challenge'),
    nonce: Id,
    versions: Type.Object({ min: Version, max: Version }, closed),
  },
  closed,
);

const sessionReply = {
  session: Id,
  /** What the next `resume` must show. */
  secret: Token,
  /** The last sequenced frame of the client's that was taken. */
  received: Acknowledged,
};

export const SessionOpened = Type.Object(
  {
    type: Type.Literal('session.opened'),
    ...sessionReply,
    /** The session receipt: gets fresh TURN credentials. */
    receipt: Token,
    age: Type.Object({ state: AgeState, refused: Type.Boolean() }, closed),
    policyVersion: PolicyVersion,
    /** Why a resume that came with the hello was not possible. */
    reset: Type.Optional(
      Type.Union([Type.Literal('unknown-session'), Type.Literal('out-of-range')]),
    ),
    /** A call whose page is gone: whoever was in it may take their place in it again. */
    rejoin: Type.Optional(
      Type.Object(
        {
          ...inCall,
          ...callOpened,
          startedAtMs: WallMs,
          /** How long the call has lasted. */
          elapsedMs: DurationMs,
          /** For how long the place is kept. */
          deadlineMs: DurationMs,
        },
        closed,
      ),
    ),
  },
  closed,
);

/** The same session goes on; frames after `received` follow, as they were. */
export const SessionResumed = Type.Object(
  { type: Type.Literal('session.resumed'), ...sessionReply },
  closed,
);

export const LinkPong = Type.Object(
  { type: Type.Literal('link.pong'), n: PingNumber, ack: Acknowledged },
  closed,
);

export const LinkAck = Type.Object({ type: Type.Literal('link.ack'), ack: Acknowledged }, closed);

/** People online, on a timer and never at each join. */
export const OnlineCount = Type.Object(
  { type: Type.Literal('online.count'), online: People },
  closed,
);

/** The node will stop: no new searches; calls go on until the deadline. */
export const ServerMoving = Type.Object(
  { type: Type.Literal('server.moving'), deadlineMs: DurationMs },
  closed,
);

/**
 * What this person may do from now on: the last word before `sanctioned`, and the first of a session
 * that may not do everything. A session that never hears it may meet people in every way.
 */
export const StandingChanged = Type.Object(
  {
    type: Type.Literal('standing.changed'),
    may: Type.Union([Type.Literal('meet'), Type.Literal('text'), Type.Literal('nothing')]),
    /**
     * Absent with `meet`. `decision`: people decided it of this person. `network`: of the network that
     * they come from. `hold`: until people have looked, a day at most.
     */
    because: Type.Optional(
      Type.Union([Type.Literal('decision'), Type.Literal('network'), Type.Literal('hold')]),
    ),
    /**
     * The code under which the decision is read and appealed against; with `network`, and where a shared
     * device keeps one out, that under which one writes to the moderators and reads nothing. Absent with `hold`.
     */
    appeal: Type.Optional(Id),
    /** Absent where it has no end. */
    endsAtMs: Type.Optional(WallMs),
  },
  closed,
);

export const AgeAnswered = Type.Object(
  {
    type: Type.Literal('age.answered'),
    ...sequenced,
    state: AgeState,
    /** True after an answer below 18: this server is for adults, and does not ask again. */
    refused: Type.Boolean(),
  },
  closed,
);

export const TicketAccepted = Type.Object(
  {
    type: Type.Literal('ticket.accepted'),
    ...sequenced,
    ticket: Id,
    /** The interests as they were normalised. */
    interests: Interests,
    /** People who wait in the same mode, this one included, within a few. */
    waiting: People,
    /** How long people have lately waited in this mode; absent where too few have to say. */
    usualWaitMs: Type.Optional(DurationMs),
  },
  closed,
);

export const TicketRefused = Type.Object(
  {
    type: Type.Literal('ticket.refused'),
    ...sequenced,
    ticket: Id,
    reason: Type.Union([
      Type.Literal('age-required'),
      Type.Literal('policy-changed'),
      Type.Literal('bad-interest'),
      Type.Literal('bad-language'),
      Type.Literal('bad-offer'),
      Type.Literal('already-searching'),
      Type.Literal('in-a-call'),
      Type.Literal('too-fast'),
      Type.Literal('server-moving'),
      Type.Literal('pool-full'),
    ]),
    /** Not before this long; absent where waiting does not help. */
    retryAfterMs: Type.Optional(DurationMs),
  },
  closed,
);

export const TicketWithdrawn = Type.Object(
  { type: Type.Literal('ticket.withdrawn'), ...sequenced, ticket: Id },
  closed,
);

export const MatchFound = Type.Object(
  {
    type: Type.Literal('match.found'),
    ...sequenced,
    ...inCall,
    /** The search that it answers. */
    ticket: Id,
    ...callOpened,
    sharedInterests: Interests,
    sharedLanguages: Languages,
    startedAtMs: WallMs,
    /** Answerer: the other's pre-made offer, filtered. */
    offer: Type.Optional(Sdp),
    /** Offerer: the offer of the ticket is in use, so an answer will come. */
    offerUsed: Type.Boolean(),
  },
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

/** A description that was not relayed; the connection it would have made will not come. */
export const SignalRefused = Type.Object(
  {
    type: Type.Literal('signal.refused'),
    ...sequenced,
    ...inCall,
    reason: Type.Union([
      Type.Literal('bad-description'),
      Type.Literal('wrong-role'),
      Type.Literal('too-fast'),
    ]),
  },
  closed,
);

/** To both sides, the sender included: the line as it will stay. */
export const ChatLine = Type.Object(
  { type: Type.Literal('chat.line'), ...sequenced, ...inCall, line: TaggedLine },
  closed,
);

export const ChatRefused = Type.Object(
  {
    type: Type.Literal('chat.refused'),
    ...sequenced,
    ...inCall,
    id: Id,
    reason: Type.Union([
      Type.Literal('empty'),
      Type.Literal('too-long'),
      Type.Literal('bad-characters'),
      Type.Literal('too-fast'),
      // The page's word for a line that the end of its call overtook: a node drops such a line,
      // since nothing of a call is said after `call.ended`.
      Type.Literal('call-over'),
    ]),
  },
  closed,
);

export const ChatTyping = Type.Object(
  { type: Type.Literal('chat.typing'), ...inCall, active: Type.Boolean() },
  closed,
);

/** What the other person's devices and cover do. */
export const MediaUpdated = Type.Object(
  { type: Type.Literal('media.updated'), ...sequenced, ...inCall, media: MediaState },
  closed,
);

/** Both people's word on a direct connection; when both allow it, gather again without a relay. */
export const DirectUpdated = Type.Object(
  {
    type: Type.Literal('direct.updated'),
    ...sequenced,
    ...inCall,
    you: Type.Boolean(),
    stranger: Type.Boolean(),
  },
  closed,
);

/** Both people's word on video, in a text call. After a yes of one's own, two noes are a refusal. */
export const VideoUpdated = Type.Object(
  {
    type: Type.Literal('video.updated'),
    ...sequenced,
    ...inCall,
    you: Type.Boolean(),
    stranger: Type.Boolean(),
  },
  closed,
);

/** A yes that does not count; the text call goes on. The other person hears nothing of it. */
export const VideoRefused = Type.Object(
  {
    type: Type.Literal('video.refused'),
    ...sequenced,
    ...inCall,
    reason: Type.Union([
      Type.Literal('age-required'),
      Type.Literal('policy-changed'),
      Type.Literal('too-often'),
    ]),
  },
  closed,
);

/** Both agreed: the same call goes on by video, under the same epoch, with the roles it had. */
export const VideoStarted = Type.Object(
  {
    type: Type.Literal('video.started'),
    ...sequenced,
    ...inCall,
    transport: callOpened.transport,
    directOffered: callOpened.directOffered,
    /** Takes the place of the one that the call had: it restores as video. */
    receipt: callOpened.receipt,
  },
  closed,
);

/** The other person's socket is lost (false) or back (true); the call goes on meanwhile. */
export const PeerPresence = Type.Object(
  { type: Type.Literal('peer.presence'), ...sequenced, ...inCall, present: Type.Boolean() },
  closed,
);

export const CallEnded = Type.Object(
  {
    type: Type.Literal('call.ended'),
    ...sequenced,
    ...inCall,
    /**
     * `you`: as you asked. `left`: the other person went on, stopped, blocked or reported; never
     * which. `lost`: their connection did not come back. `connect-failed`: no way for media.
     * `moving`: the server stops. `not-restored`: the server restarted and the other side did
     * not come back.
     */
    reason: Type.Union([
      Type.Literal('you'),
      Type.Literal('left'),
      Type.Literal('lost'),
      Type.Literal('connect-failed'),
      Type.Literal('moving'),
      Type.Literal('not-restored'),
    ]),
  },
  closed,
);

/** The receipt is good; the other side's is awaited until the deadline. */
export const CallRestoring = Type.Object(
  {
    type: Type.Literal('call.restoring'),
    ...sequenced,
    match: Id,
    deadlineMs: DurationMs,
  },
  closed,
);

/** The same call goes on under a new epoch. */
export const CallRestored = Type.Object(
  {
    type: Type.Literal('call.restored'),
    ...sequenced,
    ...inCall,
    ...callOpened,
    /** Where counting goes on: the highest that either side has shown. */
    counters: Counters,
    /** What the other side has; lines beyond it are to be replayed to it. */
    peerReceived: Counters,
    /** One of the two is on a new page, which has neither a line nor a media connection. */
    newPage: Type.Optional(Type.Literal(true)),
  },
  closed,
);

export const RestoreRefused = Type.Object(
  {
    type: Type.Literal('restore.refused'),
    ...sequenced,
    reason: Type.Union([
      Type.Literal('bad-receipt'),
      Type.Literal('too-late'),
      Type.Literal('busy'),
      Type.Literal('bad-lines'),
    ]),
  },
  closed,
);

export const SERVER_SCHEMAS = {
  'session.challenge': SessionChallenge,
  'session.opened': SessionOpened,
  'session.resumed': SessionResumed,
  'link.pong': LinkPong,
  'link.ack': LinkAck,
  'online.count': OnlineCount,
  'server.moving': ServerMoving,
  'standing.changed': StandingChanged,
  'age.answered': AgeAnswered,
  'ticket.accepted': TicketAccepted,
  'ticket.refused': TicketRefused,
  'ticket.withdrawn': TicketWithdrawn,
  'match.found': MatchFound,
  'signal.offer': SignalOffer,
  'signal.answer': SignalAnswer,
  'signal.candidate': SignalCandidate,
  'signal.refused': SignalRefused,
  'chat.line': ChatLine,
  'chat.refused': ChatRefused,
  'chat.typing': ChatTyping,
  'media.updated': MediaUpdated,
  'direct.updated': DirectUpdated,
  'video.updated': VideoUpdated,
  'video.refused': VideoRefused,
  'video.started': VideoStarted,
  'peer.presence': PeerPresence,
  'call.ended': CallEnded,
  'call.restoring': CallRestoring,
  'call.restored': CallRestored,
  'restore.refused': RestoreRefused,
  'block.accepted': BlockAccepted,
  'block.refused': BlockRefused,
  'block.removed': BlockRemoved,
  'block.kept': BlockKept,
  'report.accepted': ReportAccepted,
  'report.refused': ReportRefused,
} as const;

type Schemas = typeof SERVER_SCHEMAS;

export type ServerMessageType = keyof Schemas;

export type ServerMessageOf<T extends ServerMessageType> = Type.Static<Schemas[T]>;

export type ServerMessage = { [T in ServerMessageType]: ServerMessageOf<T> }[ServerMessageType];

/** Those that are kept until acknowledged. */
export type SequencedServerMessage = Extract<ServerMessage, { seq: number }>;

/** Those that are sent once and may be lost with a socket. */
export type PassingServerMessage = Exclude<ServerMessage, { seq: number }>;

/** A sequenced message before the session gave it its place. */
export type Unsequenced<M> = M extends { seq: number } ? Omit<M, 'seq'> : never;
