import { ID_PATTERN } from '@farandole/kernel/id';
import Type, { type TLiteral, type TObject, type TProperties } from 'typebox';
import * as limits from './limits.ts';

/** Shared shapes. Every object is closed: an unknown key is a fault. */

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

/** An opaque server token: base64url and dots. */
export const Token = Type.String({
  pattern: '^[A-Za-z0-9_.-]{16,}$',
  maxLength: limits.TOKEN_CHARS_MAX,
});

/** Position in a session's stream: 1 is the first sequenced frame, 0 means none yet. */
export const Sequence = Type.Integer({ minimum: 1, maximum: 2 ** 31 });
export const Acknowledged = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

export const Version = Type.Integer({ minimum: 0, maximum: 65_535 });

export const PolicyVersion = Type.Integer({ minimum: 1, maximum: 1_000_000 });

export const PingNumber = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

export const People = Type.Integer({ minimum: 0, maximum: 2 ** 31 });

/** Raw from clients, normalized from the server. */
export const Interests = Type.Array(Type.String({ maxLength: limits.INTEREST_CHARS_DECODED_MAX }), {
  maxItems: limits.INTERESTS_MAX,
});

export const Languages = Type.Array(Type.String({ maxLength: limits.LANGUAGE_CHARS_MAX }), {
  maxItems: limits.LANGUAGES_MAX,
});

/** How often a call was opened: 1 at the match, plus 1 for each restore. */
export const Epoch = Type.Integer({ minimum: 1, maximum: 1_000_000 });

/** Fields of every message within a call; a stale match or epoch is dropped. */
export const inCall = { match: Id, epoch: Epoch };

export const sequenced = { seq: Sequence };

/** Milliseconds since 1970, by the server's wall clock. */
export const WallMs = Type.Integer({ minimum: 0, maximum: 2 ** 53 - 1 });

/** Duration in ms, at most a day. */
export const DurationMs = Type.Integer({ minimum: 0, maximum: 86_400_000 });

/** Seat names, in order. A call has as many seats as its mode: currently the first two. */
export const SEATS = ['a', 'b'] as const;
/** Frames, rows, receipts and tags call this key `side`. */
export const Seat = Type.Enum(SEATS);
export type Seat = Type.Static<typeof Seat>;

/** The rules of each mode are a row of the matchmaking package. */
export const MODES = ['video', 'text'] as const;
export const Mode = Type.Enum(MODES);
export type Mode = Type.Static<typeof Mode>;

export function isSeat(value: unknown): value is Seat {
  return (SEATS as readonly unknown[]).includes(value);
}

export function isMode(value: unknown): value is Mode {
  return (MODES as readonly unknown[]).includes(value);
}

/** How the server knows the user's age. */
export const AgeState = Type.Enum(['unknown', 'declared', 'estimated', 'verified']);
export type AgeState = Type.Static<typeof AgeState>;

export const Sdp = Type.String({ minLength: 1, maxLength: limits.SDP_CHARS_MAX });

export type Counters = [number, number, ...number[]];
/** Lines sent per seat, including this one. The sum is the line's position in the conversation. */
export const Counters = Type.Unsafe<Counters>(
  Type.Array(Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
    minItems: 2,
    maxItems: SEATS.length,
  }),
);

/** A chat line as the server accepted it: immutable and provable by its tag. */
export const TaggedLine = Type.Object(
  {
    id: Id,
    side: Seat,
    counters: Counters,
    atMs: WallMs,
    text: Type.String({ minLength: 1, maxLength: limits.LINE_CHARS_MAX }),
    /** Key name and HMAC over call, seat, counters, time, id and text. */
    tag: Type.String({ pattern: '^[A-Za-z0-9_-]{1,16}\\.[A-Za-z0-9_-]{43}$' }),
  },
  closed,
);
export type TaggedLine = Type.Static<typeof TaggedLine>;

/** An ICE candidate as `RTCIceCandidate.toJSON()` writes it. An empty line ends the candidates. */
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

/** State of a user's devices and cover, as the peer sees it. */
export const MediaState = Type.Object(
  {
    /** `paused`: the camera is used outside the page, or the "Really?" dialog is open. */
    camera: Type.Enum(['on', 'off', 'paused']),
    microphone: Type.Enum(['on', 'off']),
    cover: Type.Enum(['covered', 'shown']),
  },
  closed,
);
export type MediaState = Type.Static<typeof MediaState>;

/** 👋 ❤ 😂 👏 🎵, in this order. */
export const REACTIONS = ['wave', 'heart', 'laugh', 'clap', 'music'] as const;
export const Reaction = Type.Enum(REACTIONS);
export type Reaction = Type.Static<typeof Reaction>;

export const ReportReason = Type.Enum([
  'sexual-content',
  'may-be-under-18',
  'threat-or-violence',
  'hate',
  'self-harm',
  'urging-self-harm',
  'recording-or-sharing',
  'scam-or-spam',
  'other',
]);
export type ReportReason = Type.Static<typeof ReportReason>;

/** Fields sent when a call opens or continues under a new epoch. */
export const callOpened = {
  side: Seat,
  /** The offerer makes the first offer; the answerer is the polite peer later. */
  role: Type.Enum(['offerer', 'answerer']),
  mode: Mode,
  /** `relay`: only relay candidates pass, so use `iceTransportPolicy: 'relay'`. */
  transport: Type.Enum(['relay', 'all']),
  directOffered: Type.Boolean(),
  /** Whether a text call can switch to video if both agree; absent means no. */
  videoOffered: Type.Optional(Type.Boolean()),
  receipt: Token,
};
