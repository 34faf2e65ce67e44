import { COMMUNITY_NAME_PATTERN, ID_PATTERN } from '@farandole/kernel/id';
import Type, { type TLiteral, type TObject, type TProperties } from 'typebox';
import * as limits from './limits.ts';

/** Shapes that several messages share. Each object rejects unknown keys. */

export const closed = { additionalProperties: false } as const;

type Schemas<Table> = {
  readonly [T in keyof Table & string]: TObject<{ type: TLiteral<T> } & Table[T]>;
};

export function messages<Table extends Readonly<Record<string, TProperties>>>(
  table: Table,
): Schemas<Table> {
  const entries = Object.entries(table).map(([type, fields]) => [
    type,
    Type.Object({ type: Type.Literal(type), ...fields }, closed),
  ]);
  return Object.fromEntries(entries) as Schemas<Table>;
}

export type MessagesOf<Table extends Readonly<Record<string, TObject>>> = {
  readonly [T in keyof Table]: Type.Static<Table[T]>;
};

export const Id = Type.String({ pattern: ID_PATTERN });

/** Name of a community, as in its address. */
export const CommunityName = Type.String({ pattern: COMMUNITY_NAME_PATTERN });

/** A token that only the server can read, made of base64url characters and dots. */
export const Token = Type.String({
  pattern: '^[A-Za-z0-9_.-]{16,}$',
  maxLength: limits.TOKEN_CHARS_MAX,
});

/** Number of a sequenced frame in its session, from 1. In acknowledgements, 0 means none. */
export const Sequence = Type.Integer({ minimum: 1, maximum: 2 ** 31 });
export const Acknowledged = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

export const Version = Type.Integer({ minimum: 0, maximum: 65_535 });

export const PolicyVersion = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const PingNumber = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

export const People = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** Interests as the user wrote them if a client sends them, and normalized if a node does. */
export const Interests = Type.Array(Type.String({ maxLength: limits.INTEREST_CHARS_DECODED_MAX }), {
  maxItems: limits.INTERESTS_MAX,
});

export const Languages = Type.Array(Type.String({ maxLength: limits.LANGUAGE_CHARS_MAX }), {
  maxItems: limits.LANGUAGES_MAX,
});

/** Number of times that a call was opened: 1 at the match, plus 1 for each restore. */
export const Epoch = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/**
 * Fields of every message within a call. The receiver drops a message with an old match or
 * epoch.
 */
export const inCall = { match: Id, epoch: Epoch };

export const sequenced = {
  seq: Sequence,
  /**
   * Number of the last sequenced frame that the sender received. The receiver handles it as a
   * `link.ack` before the message. Sent only to a receiver that reads it (PR-222).
   */
  ack: Type.Optional(Acknowledged),
};

/** Milliseconds since 1970-01-01T00:00:00Z by the server's clock. */
export const WallMs = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 });

/** A duration in milliseconds, at most a day. */
export const DurationMs = Type.Integer({ minimum: 0, maximum: 86_400_000 });

const IceCredential = Type.String({ maxLength: limits.ICE_CREDENTIAL_CHARS_MAX });

/** The STUN and TURN servers of a session, as in `IceServersReply`. */
export const Ice = Type.Object(
  {
    iceServers: Type.Array(
      Type.Object(
        {
          urls: Type.Array(Type.String({ maxLength: limits.ICE_URL_CHARS_MAX }), {
            maxItems: limits.ICE_URLS_MAX,
          }),
          username: Type.Optional(IceCredential),
          credential: Type.Optional(IceCredential),
        },
        closed,
      ),
      { maxItems: limits.ICE_SERVERS_MAX },
    ),
    expiresInMs: DurationMs,
  },
  closed,
);
export type Ice = Type.Static<typeof Ice>;

/**
 * Names of the seats of a call, in order. A seat is one user's place in the call. Only the question
 * mode uses the third name.
 */
export const SEATS = ['a', 'b', 'c'] as const;
/** In frames, rows, receipts and tags, the key `side` contains the seat. */
export const Seat = Type.Enum(SEATS);
export type Seat = Type.Static<typeof Seat>;
/** A seat of a call of two. */
export type PairSeat = Exclude<Seat, 'c'>;

/**
 * Names of the ways to meet. The matchmaking package defines the rules of each mode as a row of
 * data.
 */
export const MODES = ['video', 'text', 'voice', 'question'] as const;
export const Mode = Type.Enum(MODES);
export type Mode = Type.Static<typeof Mode>;
/** A mode of calls of two users, who may move between these modes. */
export type Rung = Exclude<Mode, 'question'>;

export function isSeat(value: unknown): value is Seat {
  return (SEATS as readonly unknown[]).includes(value);
}

export function isRung(text: string): text is Rung {
  return isMode(text) && text !== 'question';
}

export function isMode(value: unknown): value is Mode {
  return (MODES as readonly unknown[]).includes(value);
}

/** How two users of a private meeting chose each other. */
export const MeetingBy = Type.Enum(['invitation', 'again']);
export const LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1'] as const;
export const Level = Type.Enum(LEVELS);
export type Level = Type.Static<typeof Level>;

const Language = Type.String({ maxLength: limits.LANGUAGE_CHARS_MAX });

/** The language exchange that a user seeks. The node checks the languages and levels. */
export const ExchangeWish = Type.Object(
  {
    /** Languages that the user speaks natively or fluently. */
    speaks: Type.Array(Language, { maxItems: limits.EXCHANGE_LANGUAGES_DECODED_MAX }),
    learns: Type.Array(
      Type.Object(
        {
          language: Language,
          level: Type.String({ maxLength: limits.LEVEL_CHARS_DECODED_MAX }),
        },
        closed,
      ),
      { maxItems: limits.EXCHANGE_LANGUAGES_DECODED_MAX },
    ),
    /** Whether the user agrees to help a learner without learning anything. */
    helps: Type.Boolean(),
  },
  closed,
);
export type ExchangeWish = Type.Static<typeof ExchangeWish>;

const Learner = Type.Union([
  Type.Object({ language: Language, level: Level }, closed),
  Type.Null(),
]);
type Learner = Type.Static<typeof Learner>;

/**
 * What each user of an exchange learns from the other, first seat `a`, then seat `b`. Null for a
 * user who only helps.
 */
export const ExchangeCall = Type.Object(
  {
    learners: Type.Unsafe<[Learner, Learner]>(Type.Array(Learner, { minItems: 2, maxItems: 2 })),
  },
  closed,
);
export type ExchangeCall = Type.Static<typeof ExchangeCall>;

/**
 * What one page tells the other during an exchange. Both pages show the language number `turn`,
 * counted from the first learner's language. The turn grows when both users ask for it.
 */
export const ExchangeState = Type.Object(
  {
    turn: Type.Integer({ minimum: 0, maximum: limits.SWITCHES_MAX }),
    /** Whether the user asks to switch the language. */
    asks: Type.Boolean(),
    /** Share of the call in which the user's page heard its user speak, in percent. */
    spoke: Type.Integer({ minimum: 0, maximum: 100 }),
  },
  closed,
);
export type ExchangeState = Type.Static<typeof ExchangeState>;
/** Roles of the question mode. The asker has seat `a`. */
export const ROLES = ['asker', 'answerer'] as const;
export const Role = Type.Enum(ROLES);
export type Role = Type.Static<typeof Role>;

/** Why the server refuses a question. */
export const QuestionFault = Type.Enum([
  'empty',
  'too-long',
  'bad-characters',
  'contact',
  'link',
  'name',
  /** Reports withdrew this question of the user. */
  'withdrawn',
]);
export type QuestionFault = Type.Static<typeof QuestionFault>;

/** How reliably the server knows the user's age. */
export const AgeState = Type.Enum(['unknown', 'declared', 'estimated', 'verified']);
export type AgeState = Type.Static<typeof AgeState>;

export const Sdp = Type.String({ minLength: 1, maxLength: limits.SDP_CHARS_MAX });

export type Counters = [number, number, ...number[]];
/**
 * Number of chat lines sent from each seat, including the current line. Their sum is the
 * position of the line in the conversation.
 */
export const Counters = Type.Unsafe<Counters>(
  Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
    minItems: 2,
    maxItems: SEATS.length,
  }),
);

/** A chat line as the server accepted it. It never changes, and its tag proves it. */
export const TaggedLine = Type.Object(
  {
    id: Id,
    side: Seat,
    counters: Counters,
    atMs: WallMs,
    text: Type.String({ minLength: 1, maxLength: limits.LINE_CHARS_MAX }),
    /** Id of the peer's line that this line corrects, in a language exchange. */
    corrects: Type.Optional(Id),
    /**
     * Name of the server's key, and the HMAC over call, seat, counters, time, id, corrected line and
     * text.
     */
    tag: Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}\\.[A-Za-z0-9_-]{43}$' }),
  },
  closed,
);
export type TaggedLine = Type.Static<typeof TaggedLine>;

/**
 * An ICE candidate in the format of `RTCIceCandidate.toJSON()`. An empty candidate line ends the
 * candidates.
 */
export const Candidate = Type.Object(
  {
    candidate: Type.String({ maxLength: limits.CANDIDATE_CHARS_MAX }),
    sdpMid: Type.Union([Type.String({ maxLength: 16 }), Type.Null()]),
    sdpMLineIndex: Type.Union([Type.Integer({ minimum: 0, maximum: 8 }), Type.Null()]),
    usernameFragment: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])),
  },
  closed,
);
export type Candidate = Type.Static<typeof Candidate>;

/** State of a user's camera, microphone and cover, as the peer sees it. */
export const MediaState = Type.Object(
  {
    /**
     * `paused` means that the page doesn't send the camera's picture at the moment, because the
     * camera is used elsewhere or the "Really?" dialog is open.
     */
    camera: Type.Enum(['on', 'off', 'paused']),
    microphone: Type.Enum(['on', 'off']),
    cover: Type.Enum(['covered', 'shown']),
  },
  closed,
);
export type MediaState = Type.Static<typeof MediaState>;

/** Names of the reactions 👋 ❤ 😂 👏 🎵, in this order. */
export const REACTIONS = ['wave', 'heart', 'laugh', 'clap', 'music'] as const;
export const Reaction = Type.Enum(REACTIONS);
export type Reaction = Type.Static<typeof Reaction>;

/**
 * Games for the two users of a call: ice-breaker questions, two truths and a lie, drawing, and
 * guessing a tune. The last three are the prompts of a language exchange, by the learner's level: A1
 * and A2, B1 and B2, C1.
 */
export const GAMES = ['ice', 'truths', 'draw', 'tune', 'learn-a', 'learn-b', 'learn-c'] as const;
export const Game = Type.Enum(GAMES);
export type Game = Type.Static<typeof Game>;

/**
 * The card on the table of a call. Of two cards, both pages show the one with the larger `turn`,
 * and of equal turns the one of seat `a`.
 */
export const Card = Type.Object(
  {
    game: Game,
    /** Number of the card in the game's deck. Both pages shuffle the deck by the match's id. */
    at: Type.Integer({ minimum: 0, maximum: limits.CARD_AT_MAX }),
    turn: Type.Integer({ minimum: 1, maximum: limits.CARD_TURN_MAX }),
    /** Seat of the user who put the card on the table. */
    side: Seat,
  },
  closed,
);
export type Card = Type.Static<typeof Card>;

export const ReportReason = Type.Enum([
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'urging-self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'not-here-to-learn',
  'other',
]);
export type ReportReason = Type.Static<typeof ReportReason>;

/** Number of times that the users changed the mode of a call. Absent means 0. */
export const Step = Type.Integer({ minimum: 0, maximum: limits.STEPS_MAX });

/** The mode to which a call can move up if both users agree. Absent if it can't move up now. */
export const nextMode = {
  /** Whether the next mode is video. */
  videoOffered: Type.Optional(Type.Boolean()),
  /** The next mode if it isn't video. */
  next: Type.Optional(Mode),
};

/** Fields of the messages with which a call opens or continues under a new epoch. */
export const callOpened = {
  side: Seat,
  /**
   * WebRTC role in the call. The offerer makes the first offer. In later negotiations the
   * answerer is the polite peer.
   */
  role: Type.Enum(['offerer', 'answerer']),
  mode: Mode,
  /**
   * With `relay`, the node forwards only relay candidates, so the page uses `iceTransportPolicy:
   * 'relay'`.
   */
  transport: Type.Enum(['relay', 'all']),
  directOffered: Type.Boolean(),
  ...nextMode,
  step: Type.Optional(Step),
  /** Present only in a language exchange. */
  exchange: Type.Optional(ExchangeCall),
  receipt: Token,
};
