import Type from 'typebox';
import {
  Acknowledged,
  AgeState,
  CommunityName,
  Counters,
  closed,
  ExchangeWish,
  Id,
  Interests,
  Languages,
  MeetingBy,
  Mode,
  PolicyVersion,
  Role,
  Sdp,
  SEATS,
  Seat,
  Token,
  WallMs,
} from './fields.ts';
import * as limits from './limits.ts';

/** A duration on the sender's clock, in whole milliseconds. */
const ElapsedMs = Type.Integer({ minimum: 0, maximum: limits.ELAPSED_MS_MAX });

const NetworkHash = Type.String({ minLength: 1, maxLength: limits.NODE_NAME_CHARS_MAX });

/** What a node knows about a user's socket. */
export const SocketFacts = Type.Object(
  {
    subject: Id,
    clientAddress: Type.String({ maxLength: limits.ADDRESS_CHARS_MAX }),
    isLocal: Type.Boolean(),
    network: Type.Optional(Type.Object({ network: NetworkHash, parent: NetworkHash }, closed)),
  },
  closed,
);
export type SocketFacts = Type.Static<typeof SocketFacts>;

const Meeting = Type.Object(
  {
    kind: Type.Literal('encounter'),
    match: Id,
    subjects: Type.Array(Id, { minItems: 2, maxItems: SEATS.length }),
    devices: Type.Array(Id, { minItems: 2, maxItems: SEATS.length }),
    atWallMs: WallMs,
  },
  closed,
);

const parted = {
  match: Id,
  by: Id,
  of: Id,
  byDevice: Type.Optional(Id),
  ofDevice: Type.Optional(Id),
  ofNetwork: Type.Optional(NetworkHash),
  atWallMs: WallMs,
};

const Block = Type.Object(
  {
    kind: Type.Literal('block'),
    side: Type.Union([Seat, Type.Null()]),
    mark: Type.Union([Id, Type.Null()]),
    ofSide: Type.Optional(Seat),
    ...parted,
  },
  closed,
);

const Unblock = Type.Object(
  {
    kind: Type.Literal('unblock'),
    ...{ match: Id, side: Seat, by: Id, of: Id, mark: Id, atWallMs: WallMs },
  },
  closed,
);

const Reported = Type.Object(
  {
    kind: Type.Literal('reported'),
    id: Id,
    code: Type.String({ maxLength: limits.REPORT_CODE_CHARS_MAX }),
    reporterSide: Seat,
    ...parted,
  },
  closed,
);

/**
 * A meeting, block or report that a node recorded during a session. The store may not have it yet
 * when another node reads the user's facts.
 */
export const PairNote = Type.Union([Meeting, Block, Unblock, Reported]);
export type PairNote = Type.Static<typeof PairNote>;

const Idle = Type.Object({ state: Type.Literal('idle') }, closed);

const Searching = Type.Object(
  {
    state: Type.Literal('searching'),
    /** Ticket id that the page chose. */
    clientTicket: Id,
    mode: Mode,
    lowest: Type.Optional(Mode),
    role: Type.Optional(Role),
    question: Type.Optional(Type.String({ maxLength: limits.QUESTION_CHARS_MAX })),
    policyVersion: PolicyVersion,
    tier: Type.String({ maxLength: 16 }),
    circle: Type.String({ maxLength: 16 }),
    interests: Interests,
    onlyShared: Type.Boolean(),
    languages: Languages,
    waitedMs: ElapsedMs,
    offer: Type.Union([Sdp, Type.Null()]),
    /** The private meeting that the user waits for. Absent in an ordinary search. */
    meeting: Type.Optional(
      Type.Object({ key: Id, seat: Type.Enum(['a', 'b']), by: MeetingBy }, closed),
    ),
    /** Name of the community in which the user searches. Absent in the open pool. */
    community: Type.Optional(CommunityName),
    exchange: Type.Optional(ExchangeWish),
  },
  closed,
);

const Restoring = Type.Object(
  { state: Type.Literal('restoring'), receipt: Token, received: Counters },
  closed,
);

/**
 * A session outside a call, as one node gives it to another. Times are durations, because two nodes
 * have different clocks.
 */
export const SessionSnapshot = Type.Object(
  {
    session: Id,
    device: Id,
    secret: Token,
    facts: SocketFacts,
    out: Type.Object(
      {
        acknowledged: Acknowledged,
        frames: Type.Array(Type.String({ maxLength: limits.UNACKED_CHARS_MAX }), {
          maxItems: limits.UNACKED_FRAMES_MAX,
        }),
      },
      closed,
    ),
    in: Type.Object({ taken: Acknowledged, told: Acknowledged }, closed),
    /** For each kind of message, the time until its credits are full again. */
    credits: Type.Array(
      Type.Object({ kind: Type.String({ maxLength: 16 }), fullInMs: ElapsedMs }, closed),
      { maxItems: limits.CREDIT_KINDS_MAX },
    ),
    age: AgeState,
    onlineTold: Type.Integer({ minimum: -1, maximum: 2 ** 31 }),
    isDeviceRefusalTold: Type.Boolean(),
    activity: Type.Union([Idle, Searching, Restoring]),
    /** The latest call that ended for the session. */
    ended: Type.Union([Id, Type.Null()]),
    /** Oldest first. */
    notes: Type.Array(PairNote, { maxItems: limits.PAIR_NOTES_MAX }),
  },
  closed,
);
export type SessionSnapshot = Type.Static<typeof SessionSnapshot>;
