import { ID_PATTERN } from '@farandole/kernel/id';
import Type, { type TLiteral, type TObject, type TProperties } from 'typebox';
import * as limits from './limits.ts';

/** Shapes that several messages share. Every object is closed: an unknown key is a fault. */

export const closed = { additionalProperties: false } as const;

type Schemas<Table> = {
  readonly [T in keyof Table & string]: TObject<{ type: TLiteral<T> } & Table[T]>;
};

/** The schemas of messages, by type: each has its type, the given fields, and no other key. */
export function messages<Table extends Readonly<Record<string, TProperties>>>(
  table: Table,
): Schemas<Table> {
  const entries = Object.entries(table).map(([type, fields]) => [
    type,
    Type.Object({ type: Type.Literal(type), ...fields }, closed),
  ]);
  return Object.fromEntries(entries) as Schemas<Table>;
}

/** The messages of such schemas, by type. */
export type MessagesOf<Table extends Readonly<Record<string, TObject>>> = {
  readonly [T in keyof Table]: Type.Static<Table[T]>;
};

/** An id that a client made or repeats. */
export const Id = Type.String({ pattern: ID_PATTERN });

/** A sealed token of the server's, opaque to the client: base64url and dots. */
export const Token = Type.String({
  pattern: '^[A-Za-z0-9_.-]{16,}$',
  maxLength: limits.TOKEN_CHARS_MAX,
});

/** A place in a session's stream: 1 is the first sequenced frame; 0 means none yet. */
export const Sequence = Type.Integer({ minimum: 1, maximum: 2 ** 31 });
export const Acknowledged = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** A version of the protocol. */
export const Version = Type.Integer({ minimum: 0, maximum: 65_535 });

/** A version of the rules that people agree to. */
export const PolicyVersion = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** What a ping is called, and its pong. */
export const PingNumber = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** A number of people. */
export const People = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** Interests: before they are normalised on the way up, after it on the way down. */
export const Interests = Type.Array(Type.String({ maxLength: limits.INTEREST_CHARS_DECODED_MAX }), {
  maxItems: limits.INTERESTS_MAX,
});

/** BCP 47 tags of languages that a person speaks. */
export const Languages = Type.Array(Type.String({ maxLength: limits.LANGUAGE_CHARS_MAX }), {
  maxItems: limits.LANGUAGES_MAX,
});

/** Counts how often a call was opened: 1 at the match, one more at each restore. */
export const Epoch = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** What every message within a call names; a stale match or epoch is dropped. */
export const inCall = { match: Id, epoch: Epoch };

/** What every message of a session's stream carries. */
export const sequenced = { seq: Sequence };

/** Milliseconds since 1970, by the server's wall clock. */
export const WallMs = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 });

/** A modest duration in ms. */
export const DurationMs = Type.Integer({ minimum: 0, maximum: 86_400_000 });

/** The names of seats, in order. A call has as many as its mode: the first two of them today. */
export const SEATS = ['a', 'b'] as const;
/** A seat in a call. Frames, rows, receipts and tags name it by the key `side`. */
export const Seat = Type.Enum(SEATS);
export type Seat = Type.Static<typeof Seat>;

/** What a ticket asks for; the rules of each mode are a row of the matchmaking package. */
export const MODES = ['video', 'text'] as const;
export const Mode = Type.Enum(MODES);
export type Mode = Type.Static<typeof Mode>;

export function isSeat(value: unknown): value is Seat {
  return (SEATS as readonly unknown[]).includes(value);
}

export function isMode(value: unknown): value is Mode {
  return (MODES as readonly unknown[]).includes(value);
}

/** How sure the server is of a person's age. */
export const AgeState = Type.Enum(['unknown', 'declared', 'estimated', 'verified']);
export type AgeState = Type.Static<typeof AgeState>;

export const Sdp = Type.String({ minLength: 1, maxLength: limits.SDP_CHARS_MAX });

/** One number for each seat of a call, in the order of `SEATS`. */
export type Counters = [number, number, ...number[]];
/**
 * How many lines each seat had sent, once this line was counted. Their sum is the line's place in
 * the whole conversation.
 */
export const Counters = Type.Unsafe<Counters>(
  Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
    minItems: 2,
    maxItems: SEATS.length,
  }),
);

/** A line of chat as the server accepted it, for ever the same and provable by its tag. */
export const TaggedLine = Type.Object(
  {
    /** The sender's own name for it. */
    id: Id,
    side: Seat,
    counters: Counters,
    atMs: WallMs,
    text: Type.String({ minLength: 1, maxLength: limits.LINE_CHARS_MAX }),
    /** HMAC of the server over call, seat, counters, time, id and text, with its key's name. */
    tag: Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}\\.[A-Za-z0-9_-]{43}$' }),
  },
  closed,
);
export type TaggedLine = Type.Static<typeof TaggedLine>;

/** An ICE candidate as `RTCIceCandidate.toJSON()` writes it; an empty line ends the candidates. */
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

/** What a person's devices and cover do, as the other person is told. */
export const MediaState = Type.Object(
  {
    /** `paused`: something outside the page holds the camera, or "Really?" is asked. */
    camera: Type.Enum(['on', 'off', 'paused']),
    microphone: Type.Enum(['on', 'off']),
    /** Whether this person still has the other's tile covered. */
    cover: Type.Enum(['covered', 'shown']),
  },
  closed,
);
export type MediaState = Type.Static<typeof MediaState>;

/** What one person shows the other for a moment: 👋 ❤ 😂 👏 🎵, in this order. */
export const REACTIONS = ['wave', 'heart', 'laugh', 'clap', 'music'] as const;
export const Reaction = Type.Enum(REACTIONS);
export type Reaction = Type.Static<typeof Reaction>;

/** Why a person reports another. */
export const ReportReason = Type.Enum([
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'other',
]);
export type ReportReason = Type.Static<typeof ReportReason>;

/** What a side is told of a call that opens, or goes on under another epoch. */
export const callOpened = {
  side: Seat,
  /** Who makes the first offer, and yields in later negotiation if not. */
  role: Type.Enum(['offerer', 'answerer']),
  mode: Mode,
  /** `relay`: only relay candidates pass, use `iceTransportPolicy: 'relay'`. */
  transport: Type.Enum(['relay', 'all']),
  /** Whether both people may agree to a direct connection. */
  directOffered: Type.Boolean(),
  /** In a text call: whether it may go on by video, should both people agree; absent for no. */
  videoOffered: Type.Optional(Type.Boolean()),
  /** The call receipt: reports, blocks and restores. */
  receipt: Token,
};
