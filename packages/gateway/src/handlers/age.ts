import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from '../context.ts';
import { trustedAgeMs } from '../expiring-map.ts';
import { AGE_REFUSED_FOR_MS } from '../limits.ts';
import { send } from '../outbox.ts';
import type { PersonFacts } from '../people.ts';
import { withdrawSearch } from '../searches.ts';
import type { Session } from '../session.ts';
import { endActivity } from '../session-life.ts';
import { endVainWaits } from '../vain-waits.ts';

const MINUTE_MS = 60_000;

/** The declaration of a minor, as the store has it. */
export interface AgeDeclaration {
  readonly subject: SubjectId;
  /** Null in records of a version that didn't store device keys. */
  readonly device: DeviceKeyId | null;
  readonly atMs: number;
}

/**
 * Handles a user's age declaration. An adult's declaration is accepted only for the current
 * policy version, otherwise the page must ask again. A minor's declaration is accepted for any
 * version, applies for a day to all cookies of the device, and ends their searches and calls. A
 * moderator may have exempted another cookie.
 */
export function declareAge(
  context: GatewayContext,
  session: Session,
  message: ClientMessageOf<'age.declare'>,
): void {
  const { monotonicMs, wallMs } = context.now;
  if (message.answer === 'minor') {
    endForMinor(context, session);
    const { ageRefusals } = context;
    const isNoted = ageRefusals.get(session.subject, monotonicMs) === true;
    // The same cookie may now be used on a second device, whose declaration of a minor isn't
    // stored yet.
    if (!isNoted || !ageRefusals.has(session.device, monotonicMs)) {
      refuseAge(context, session, monotonicMs);
      writeRefusal(context, session, wallMs);
      for (const other of context.sessions.values()) {
        const isRefused = other.device === session.device && context.isAgeRefused(other);
        if (other !== session && isRefused) endForMinor(context, other);
      }
    }
  }
  const isCurrent = message.policyVersion === context.config.rules.policyVersion;
  if (isCurrent && !context.isAgeRefused(session)) session.age = 'declared';
  send(context, session, 'age.answered', ageToTell(context, session));
}

/**
 * Returns the user's age as the protocol tells it. A user who is refused by device key only gets
 * the end of the refusal and a code to appeal.
 */
export function ageToTell(
  context: GatewayContext,
  session: Session,
): ServerMessageOf<'session.opened'>['age'] {
  const { age: state, subject, device } = session;
  const refusal = context.ageRefusalOf(session);
  session.isDeviceRefusalTold = refusal?.by === 'device';
  if (refusal?.by !== 'device') return { state, refused: refusal !== null };
  const { wallMs, monotonicMs } = context.now;
  const endsAtMs = wholeMinutes(wallMs + refusal.endsAtMs - monotonicMs);
  const appeal = context.ports.signer.ageCode(subject, device, endsAtMs);
  return { state, refused: true, byDevice: { endsAtMs, appeal } };
}

/** Rounds up, so that the refusal is over when the page says so. */
function wholeMinutes(wallMs: number): number {
  return Math.ceil(wallMs / MINUTE_MS) * MINUTE_MS;
}

/** Tells a user who was refused by device key that they no longer are. */
export function tellAgeLift(context: GatewayContext, session: Session): void {
  if (!session.isDeviceRefusalTold || context.isAgeRefused(session)) return;
  send(context, session, 'age.answered', ageToTell(context, session));
}

function endForMinor(context: GatewayContext, session: Session): void {
  session.age = 'unknown';
  const { activity } = session;
  if (activity.state === 'searching') withdrawSearch(context, activity.search);
  else endActivity(context, session, 'goes');
}

/**
 * Takes declarations of minors from the store. What this process knows already stays, because the
 * date by which the store counts may have changed.
 *
 * @returns the sessions that are refused from now on, also those of the device's other cookies.
 * The caller must end their searches and calls.
 */
export function loadAgeRefusal(
  context: GatewayContext,
  { subject, device, cookieRefusedAtMs, deviceRefusedAtMs }: PersonFacts,
): readonly Session[] {
  return noteDeclarations(context, [
    [subject, cookieRefusedAtMs],
    [device, deviceRefusedAtMs],
  ]);
}

/**
 * Takes declarations of minors that other nodes wrote to the store. Ends the searches and calls of
 * users on the same device or with the same cookie, and tells them.
 */
export function takeAgeRefusals(
  context: GatewayContext,
  declarations: readonly AgeDeclaration[],
): void {
  const dates = declarations.flatMap(({ subject, device, atMs }) => [
    [subject, atMs] as const,
    [device, atMs] as const,
  ]);
  for (const session of noteDeclarations(context, dates)) refuseForAge(context, session);
  endVainWaits(context);
}

/**
 * Remembers declarations by cookie and device. Returns the sessions that weren't refused before: a
 * later read of the same declaration doesn't return them again.
 */
function noteDeclarations(
  context: GatewayContext,
  dates: readonly (readonly [name: SubjectId | DeviceKeyId | null, atMs: number | null])[],
): readonly Session[] {
  const { ageRefusals, now } = context;
  const agesMs = new Map<SubjectId | DeviceKeyId, number>();
  for (const [name, atMs] of dates) {
    if (name === null || atMs === null || agesMs.has(name)) continue;
    const ageMs = trustedAgeMs(atMs, now.wallMs, AGE_REFUSED_FOR_MS);
    const isOver = ageMs >= AGE_REFUSED_FOR_MS;
    if (!isOver && !ageRefusals.has(name, now.monotonicMs)) agesMs.set(name, ageMs);
  }
  if (agesMs.size === 0) return [];
  const admitted = [...context.sessions.values()].filter((session) => {
    const isNamed = agesMs.has(session.subject) || agesMs.has(session.device);
    return isNamed && !context.isAgeRefused(session);
  });
  for (const [name, ageMs] of agesMs) ageRefusals.set(name, true, now.monotonicMs, ageMs);
  return admitted.filter((session) => context.isAgeRefused(session));
}

/** Ends the search or call of a user whom an earlier declaration refuses, and tells the user. */
export function refuseForAge(context: GatewayContext, session: Session): void {
  if (!context.isAgeRefused(session)) return;
  endForMinor(context, session);
  send(context, session, 'age.answered', ageToTell(context, session));
}

function refuseAge(
  context: GatewayContext,
  { subject, device }: Pick<Session, 'subject' | 'device'>,
  nowMs: number,
): void {
  context.ageRefusals.set(subject, true, nowMs);
  context.ageRefusals.set(device, true, nowMs);
}

/**
 * Handles the result of writing a minor's declaration. After a failed write the declaration
 * still applies in this process, and the user's next declaration is written again.
 */
export function settleAgeRefusal(
  context: GatewayContext,
  subject: SubjectId,
  stored: boolean,
): void {
  if (!stored) context.ageRefusals.set(subject, false, context.now.monotonicMs);
}

/**
 * Writes the declaration of a minor. If too many writes are pending, the result of the write is
 * ignored.
 */
function writeRefusal(
  context: GatewayContext,
  { subject, device }: Pick<Session, 'subject' | 'device'>,
  atWallMs: number,
): void {
  const record = { kind: 'age-refused', subject, device, atWallMs } as const;
  if (!context.appendAwaited(record, { write: 'age-refused', subject })) context.append(record);
}
