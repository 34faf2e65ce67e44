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
  /** What the next `resume` must show. */
  secret: Token,
  /** The last sequenced frame of the client's that was taken. */
  received: Acknowledged,
};

/**
 * Everything that a node may say to a participant's page, by type.
 *
 * A client ignores a type or a key that it does not know; a node never sends one that is not
 * here. Sequenced messages carry `seq`, are kept until acknowledged, and are sent again byte for
 * byte after a resume. The page imports types only; the schemas serve tests and fixtures.
 */
export const SERVER_SCHEMAS = messages({
  /** The first frame on a socket: what the device key must answer. */
  'session.challenge': { nonce: Id, versions: Type.Object({ min: Version, max: Version }, closed) },
  'session.opened': {
    ...sessionReply,
    /** The session receipt: gets fresh TURN credentials. */
    receipt: Token,
    age: Type.Object({ state: AgeState, refused: Type.Boolean() }, closed),
    policyVersion: PolicyVersion,
    /** Why a resume that came with the hello was not possible. */
    reset: Type.Optional(Type.Enum(['unknown-session', 'out-of-range'])),
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
  /** The same session goes on; frames after `received` follow, as they were. */
  'session.resumed': { ...sessionReply },
  'link.pong': { n: PingNumber, ack: Acknowledged },
  'link.ack': { ack: Acknowledged },
  /** People online, on a timer and never at each join. */
  'online.count': { online: People },
  /** The node will stop: no new searches; calls go on until the deadline. */
  'server.moving': { deadlineMs: DurationMs },
  /**
   * What this person may do from now on: the last word before `sanctioned`, and the first of a session
   * that may not do everything. A session that never hears it may meet people in every way.
   */
  'standing.changed': {
    may: Type.Enum(['meet', 'text', 'nothing']),
    /**
     * Absent with `meet`. `decision`: people decided it of this person. `network`: of the network that
     * they come from. `hold`: until people have looked, a day at most.
     */
    because: Type.Optional(Type.Enum(['decision', 'network', 'hold'])),
    /**
     * The code under which the decision is read and appealed against; with `network`, and where a shared
     * device keeps one out, that under which one writes to the moderators and reads nothing. Absent with `hold`.
     */
    appeal: Type.Optional(Id),
    /** Absent where it has no end. */
    endsAtMs: Type.Optional(WallMs),
  },
  'age.answered': {
    ...sequenced,
    state: AgeState,
    /** True after an answer below 18: this server is for adults, and does not ask again. */
    refused: Type.Boolean(),
  },
  'ticket.accepted': {
    ...sequenced,
    ticket: Id,
    /** The interests as they were normalised. */
    interests: Interests,
    /** People who wait in the same mode, this one included, within a few. */
    waiting: People,
    /** How long people have lately waited in this mode; absent where too few have to say. */
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
    /** Not before this long; absent where waiting does not help. */
    retryAfterMs: Type.Optional(DurationMs),
  },
  'ticket.withdrawn': { ...sequenced, ticket: Id },
  'match.found': {
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
  'signal.offer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.answer': { ...sequenced, ...inCall, sdp: Sdp },
  'signal.candidate': { ...sequenced, ...inCall, candidate: Candidate },
  /** A description that was not relayed; the connection it would have made will not come. */
  'signal.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['bad-description', 'wrong-role', 'too-fast']),
  },
  /** To both sides, the sender included: the line as it will stay. */
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
      // The page's word for a line that the end of its call overtook: a node drops such a line,
      // since nothing of a call is said after `call.ended`.
      'call-over',
    ]),
  },
  'chat.typing': { ...inCall, active: Type.Boolean() },
  /** What the other person shows for a moment. Its sender hears nothing of it. */
  'call.reaction': { ...inCall, reaction: Reaction },
  /** What the other person's devices and cover do. */
  'media.updated': { ...sequenced, ...inCall, media: MediaState },
  /** Both people's word on a direct connection; when both allow it, gather again without a relay. */
  'direct.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /** Both people's word on video, in a text call. After a yes of one's own, two noes are a refusal. */
  'video.updated': { ...sequenced, ...inCall, you: Type.Boolean(), stranger: Type.Boolean() },
  /** A yes that does not count; the text call goes on. The other person hears nothing of it. */
  'video.refused': {
    ...sequenced,
    ...inCall,
    reason: Type.Enum(['age-required', 'policy-changed', 'too-often']),
  },
  /** Both agreed: the same call goes on by video, under the same epoch, with the roles it had. */
  'video.started': {
    ...sequenced,
    ...inCall,
    transport: callOpened.transport,
    directOffered: callOpened.directOffered,
    /** Takes the place of the one that the call had: it restores as video. */
    receipt: callOpened.receipt,
  },
  /** The other person's socket is lost (false) or back (true); the call goes on meanwhile. */
  'peer.presence': { ...sequenced, ...inCall, present: Type.Boolean() },
  'call.ended': {
    ...sequenced,
    ...inCall,
    /**
     * `you`: as you asked. `left`: the other person went on, stopped, blocked or reported; never
     * which. `lost`: their connection did not come back. `connect-failed`: no way for media.
     * `moving`: the server stops. `not-restored`: the server restarted and the other side did
     * not come back.
     */
    reason: Type.Enum(['you', 'left', 'lost', 'connect-failed', 'moving', 'not-restored']),
  },
  /** The receipt is good; the other side's is awaited until the deadline. */
  'call.restoring': { ...sequenced, match: Id, deadlineMs: DurationMs },
  /** The same call goes on under a new epoch. */
  'call.restored': {
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
  'restore.refused': {
    ...sequenced,
    reason: Type.Enum(['bad-receipt', 'too-late', 'busy', 'bad-lines']),
  },
  /** The block is on disk. */
  'block.accepted': {
    ...sequenced,
    match: Id,
    /** What it is taken back with, at any time; absent if an older version stored it. */
    proof: Type.Optional(Token),
  },
  'block.refused': { ...sequenced, reason: Type.Enum(['bad-receipt', 'too-fast', 'not-stored']) },
  /** The block is removed, and that is on disk. */
  'block.removed': { ...sequenced, id: Id },
  /** The block stays. `bad-proof`: of another person, or of no block of this server. */
  'block.kept': {
    ...sequenced,
    id: Id,
    reason: Type.Enum(['bad-proof', 'too-fast', 'not-stored']),
  },
  /** The report is on disk. */
  'report.accepted': {
    ...sequenced,
    id: Id,
    /** What the reporter can name it by. */
    code: Type.String({ minLength: 1, maxLength: limits.REPORT_CODE_CHARS_MAX }),
    /** What the outcome is asked by: it names the report and nobody, and is good for that alone. */
    outcome: Token,
    /** True if this seat of this call had reported the other already. */
    merged: Type.Boolean(),
    /** What its pictures are sent with, once and soon; absent where none are taken. */
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

/** Those that are kept until acknowledged. */
export type SequencedServerMessage = Extract<ServerMessage, { seq: number }>;

/** Those that are sent once and may be lost with a socket. */
export type PassingServerMessage = Exclude<ServerMessage, { seq: number }>;

/** A sequenced message before the session gave it its place. */
export type Unsequenced<M> = M extends { seq: number } ? Omit<M, 'seq'> : never;
