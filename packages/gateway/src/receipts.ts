import {
  brandId,
  type DeviceKeyId,
  isId,
  type MatchId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import type { Mode, Side } from '@farandole/protocol/fields';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import type { Signer } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';

/** Shows that a session was opened here; fetches fresh TURN credentials, bound to it. */
export interface SessionReceipt {
  readonly session: SessionId;
  readonly subject: SubjectId;
  readonly issuedAtWallMs: number;
}

/** Shows that its bearer was one side of a call: the only thing that can report, block, restore. */
export interface CallReceipt {
  readonly match: MatchId;
  /** The bearer's side. */
  readonly side: Side;
  /** The epoch under which it was given. */
  readonly epoch: number;
  readonly mode: Mode;
  readonly offerer: Side;
  readonly a: CallReceiptSide;
  readonly b: CallReceiptSide;
  readonly startedAtWallMs: number;
  readonly issuedAtWallMs: number;
  /** Names the run of the node that gave it: a call of this run is live here or over. */
  readonly run: string;
}

export interface CallReceiptSide {
  readonly subject: SubjectId;
  readonly device: DeviceKeyId;
}

export function sealSessionReceipt(signer: Signer, receipt: SessionReceipt): string {
  return signer.seal('session', JSON.stringify(receipt));
}

/** What a session receipt says, or null: not ours, or older than `RECEIPT_LIFETIME_MS`. */
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
  return isFresh(issuedAtWallMs, nowWallMs) ? { session, subject, issuedAtWallMs } : null;
}

export function sealCallReceipt(signer: Signer, receipt: CallReceipt): string {
  return signer.seal('call', JSON.stringify(receipt));
}

/**
 * What a call receipt says, or null when it is not ours. Its age is `isFresh`'s question, since
 * the receipt of a call that is live never grows too old.
 */
export function openCallReceipt(signer: Signer, token: string): CallReceipt | null {
  const payload = parsePayload(signer.open('call', token));
  if (payload === null) return null;
  const match = readId<MatchId>(payload['match']);
  const side = readSide(payload['side']);
  const offerer = readSide(payload['offerer']);
  const mode = readMode(payload['mode']);
  const epoch = readInteger(payload['epoch']);
  const a = readReceiptSide(payload['a']);
  const b = readReceiptSide(payload['b']);
  const startedAtWallMs = readInteger(payload['startedAtWallMs']);
  const issuedAtWallMs = readInteger(payload['issuedAtWallMs']);
  const { run } = payload;
  if (match === null || side === null || offerer === null || mode === null) return null;
  if (epoch === null || a === null || b === null || typeof run !== 'string') return null;
  if (startedAtWallMs === null || issuedAtWallMs === null) return null;
  return { match, side, epoch, mode, offerer, a, b, startedAtWallMs, issuedAtWallMs, run };
}

/**
 * Whether something given at a time still counts. By the wall clock, since it must hold after a
 * restart; a clock that was set back makes it count longer, never shorter.
 */
export function isFresh(issuedAtWallMs: number, nowWallMs: number): boolean {
  return nowWallMs - issuedAtWallMs < RECEIPT_LIFETIME_MS;
}

function readReceiptSide(value: unknown): CallReceiptSide | null {
  if (typeof value !== 'object' || value === null) return null;
  const fields = value as Readonly<Record<string, unknown>>;
  const subject = readId<SubjectId>(fields['subject']);
  const device = readId<DeviceKeyId>(fields['device']);
  return subject === null || device === null ? null : { subject, device };
}

function readId<Id extends SessionId | SubjectId | DeviceKeyId | MatchId>(
  value: unknown,
): Id | null {
  return typeof value === 'string' && isId(value) ? brandId<Id>(value) : null;
}

function readSide(value: unknown): Side | null {
  return value === 'a' || value === 'b' ? value : null;
}

function readMode(value: unknown): Mode | null {
  return value === 'video' || value === 'text' ? value : null;
}

function readInteger(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
