import {
  brandId,
  type DeviceKeyId,
  isId,
  type MatchId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import type { AtLeastTwo } from '@farandole/matchmaking/seats';
import type { MeetingBy } from '@farandole/matchmaking/ticket';
import {
  type ExchangeCall,
  isMode,
  isSeat,
  LEVELS,
  type Level,
  type Mode,
  SEATS,
  type Seat,
} from '@farandole/protocol/fields';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import type { Signer } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';

/**
 * Proves that this server opened the session. A page exchanges it for TURN credentials bound to
 * the session.
 */
export interface SessionReceipt {
  readonly session: SessionId;
  readonly subject: SubjectId;
  /** Absent in receipts of earlier versions. */
  readonly device?: DeviceKeyId;
  readonly issuedAtWallMs: number;
}

/**
 * Proves that a user took part in a call. Required to report, to block, and to restore the call.
 */
export interface CallReceipt {
  readonly match: MatchId;
  readonly seat: Seat;
  readonly epoch: number;
  readonly mode: Mode;
  /** Number of mode changes of the call. 0 in receipts of earlier versions. */
  readonly step: number;
  /** What the users learn from each other. Null outside a language exchange. */
  readonly exchange: ExchangeCall | null;
  readonly offerer: Seat;
  /** How the users chose each other. Absent if they met by chance, and in earlier receipts. */
  readonly metBy?: MeetingBy | undefined;
  /** The users of the call, in the order of `SEATS`. */
  readonly holders: AtLeastTwo<SeatHolder>;
  readonly startedAtWallMs: number;
  readonly issuedAtWallMs: number;
  /**
   * Id of the process that issued the receipt. A receipt issued by the running process can't be
   * used to restore a call, because the call is still live or already over.
   */
  readonly run: string;
  /** Name of the community in which the users met. Absent in the open pool. */
  readonly community?: string | undefined;
}

export interface SeatHolder {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
  /**
   * Keyed hash of the user's network. Absent without a network, and in receipts of earlier
   * versions.
   */
  readonly network?: string;
}

export function sealSessionReceipt(signer: Signer, receipt: SessionReceipt): string {
  return signer.seal('session', JSON.stringify(receipt));
}

/** Null if the receipt is from another server, or older than `RECEIPT_LIFETIME_MS`. */
export function openSessionReceipt(
  signer: Signer,
  token: string,
  nowWallMs: number,
): SessionReceipt | null {
  const payload = parsePayload(signer.open('session', token));
  if (payload === null) return null;
  const session = readId<SessionId>(payload['session']);
  const subject = readId<SubjectId>(payload['subject']);
  const issuedAtWallMs = readInteger(payload['issuedAtWallMs']);
  if (session === null || subject === null || issuedAtWallMs === null) return null;
  const device = readId<DeviceKeyId>(payload['device']);
  if (!isFresh(issuedAtWallMs, nowWallMs)) return null;
  return { session, subject, ...(device !== null && { device }), issuedAtWallMs };
}

/**
 * Encrypts a call receipt in the format of version 0.1.0. The user's seat is stored as `side`,
 * and each user under the name of their seat.
 */
export function sealCallReceipt(signer: Signer, receipt: CallReceipt): string {
  const { match, seat: side, epoch, mode, step, exchange, offerer, holders, ...rest } = receipt;
  const named: Partial<Record<Seat, SeatHolder>> = {};
  for (const [at, seat] of SEATS.entries())
    if (holders[at] !== undefined) named[seat] = holders[at];
  const changed = { ...(step > 0 && { step }), ...(exchange !== null && { exchange }) };
  const payload = { match, side, epoch, mode, ...changed, offerer, ...named, ...rest };
  return signer.seal('call', JSON.stringify(payload));
}

export function holderOf({ holders }: CallReceipt, seat: Seat): SeatHolder | null {
  return holders[SEATS.indexOf(seat)] ?? null;
}

/**
 * Decrypts a call receipt. Null if it is from another server. Doesn't check the age, because the
 * receipt of a live call doesn't expire.
 */
export function openCallReceipt(signer: Signer, token: string): CallReceipt | null {
  const payload = parsePayload(signer.open('call', token));
  if (payload === null) return null;
  const match = readId<MatchId>(payload['match']);
  const { side: seat, offerer, mode, run, metBy, community } = payload;
  const epoch = readInteger(payload['epoch']);
  const step = payload['step'] === undefined ? 0 : readInteger(payload['step']);
  const holders = readHolders(payload);
  const startedAtWallMs = readInteger(payload['startedAtWallMs']);
  const issuedAtWallMs = readInteger(payload['issuedAtWallMs']);
  if (match === null || !isSeat(seat) || !isSeat(offerer) || !isMode(mode)) return null;
  if (epoch === null || step === null || holders === null) return null;
  if (startedAtWallMs === null || issuedAtWallMs === null || typeof run !== 'string') return null;
  const exchange = readExchange(payload['exchange']);
  const call = { match, epoch, mode, step, exchange, offerer, holders, startedAtWallMs, run };
  const receipt: CallReceipt = {
    ...{ ...call, seat, issuedAtWallMs },
    ...(isMeetingBy(metBy) && { metBy }),
    ...(typeof community === 'string' && { community }),
  };
  return holderOf(receipt, seat) === null || holderOf(receipt, offerer) === null ? null : receipt;
}

/**
 * Whether a receipt is still valid. Uses the wall clock, because a receipt outlives the process.
 * If the clock is set back, a receipt is valid for longer.
 */
export function isFresh(issuedAtWallMs: number, nowWallMs: number): boolean {
  return nowWallMs - issuedAtWallMs < RECEIPT_LIFETIME_MS;
}

/**
 * Reads the users of a receipt by seat, up to the first missing seat. Null if there are fewer
 * than two.
 */
function readHolders(payload: Readonly<Record<string, unknown>>): AtLeastTwo<SeatHolder> | null {
  const end = SEATS.findIndex((seat) => payload[seat] === undefined);
  const named = end === -1 ? SEATS : SEATS.slice(0, end);
  const [a = null, b = null, ...others] = named.map((seat) => readHolder(payload[seat]));
  if (a === null || b === null) return null;
  const rest = others.filter((holder) => holder !== null);
  return rest.length === others.length ? [a, b, ...rest] : null;
}

function readHolder(value: unknown): SeatHolder | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const subject = readId<SubjectId>(fields['subject']);
  const device = readId<DeviceKeyId>(fields['device']);
  if (subject === null || device === null) return null;
  const { network } = fields;
  return { subject, device, ...(typeof network === 'string' && { network }) };
}

/** Null if the call is no language exchange, or if a later version wrote it. */
function readExchange(value: unknown): ExchangeCall | null {
  const { learners } = (value ?? {}) as { readonly learners?: unknown };
  if (!Array.isArray(learners) || learners.length !== 2) return null;
  const [a, b] = learners.map(readLearner);
  return a === undefined || b === undefined ? null : { learners: [a, b] };
}

function readLearner(value: unknown): ExchangeCall['learners'][number] | undefined {
  if (value === null) return null;
  const { language, level } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const isKnown = typeof language === 'string' && LEVELS.some((one) => one === level);
  return isKnown ? { language, level: level as Level } : undefined;
}

function readId<Id extends SessionId | SubjectId | DeviceKeyId | MatchId>(
  value: unknown,
): Id | null {
  return typeof value === 'string' && isId(value) ? brandId<Id>(value) : null;
}

function isMeetingBy(value: unknown): value is MeetingBy {
  return value === 'invitation' || value === 'again';
}

function readInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
