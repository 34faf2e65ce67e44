import { encodeServerMessage } from '@farandole/protocol/codec';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Connection } from './connection.ts';
import type { GatewayContext } from './context.ts';
import { sendPassing } from './outbox.ts';
import type { Standing } from './ports.ts';
import type { Session } from './session.ts';

type LimitOnTheWire = NonNullable<ServerMessageOf<'standing.changed'>['limited']>;

/**
 * Tells a user what they may do, if this changed. Always tells a `new` socket, because the old
 * socket may have lost the last message.
 */
export function tellStanding(
  context: GatewayContext,
  session: Session,
  socket: 'new' | 'known',
): Standing {
  const standing = context.standingOf(session);
  const told = session.standingTold;
  if (told === null ? isFree(standing) : socket === 'known' && isSame(told, standing)) {
    return standing;
  }
  session.standingTold = standing;
  sendPassing(context, session, messageOf(standing));
  return standing;
}

/** Tells a banned user about the ban, on a socket for which no session opens. */
export function tellRefused(
  context: GatewayContext,
  connection: Connection,
  standing: Standing,
): void {
  context.ports.connections.send(connection.id, encodeServerMessage(messageOf(standing)));
}

function messageOf(standing: Standing): ServerMessageOf<'standing.changed'> {
  const { exchangeClosed } = standing;
  const closed = exchangeClosed !== undefined && { exchangeClosed: limitOf(exchangeClosed) };
  const type = 'standing.changed';
  if (standing.may === 'meet') {
    const { limited } = standing;
    const limit = limited !== undefined && { limited: limitOf(limited) };
    return { type, may: 'meet', ...limit, ...closed };
  }
  const { may, because, appeal, endsAtWallMs } = standing;
  return {
    type,
    may,
    because,
    ...closed,
    ...(appeal === null ? {} : { appeal }),
    ...(endsAtWallMs === null ? {} : { endsAtMs: endsAtWallMs }),
  };
}

type Limited = NonNullable<Extract<Standing, { may: 'meet' }>['limited']>;

function limitOf({ appeal, endsAtWallMs: endsAtMs }: Limited): LimitOnTheWire {
  return appeal === null ? { endsAtMs } : { endsAtMs, appeal };
}

function isFree(standing: Standing): boolean {
  const { exchangeClosed } = standing;
  return standing.may === 'meet' && standing.limited === undefined && exchangeClosed === undefined;
}

function isSame(a: Standing, b: Standing): boolean {
  if (a.exchangeClosed?.endsAtWallMs !== b.exchangeClosed?.endsAtWallMs) return false;
  if (a.may === 'meet' && b.may === 'meet') {
    return (
      a.limited?.appeal === b.limited?.appeal && a.limited?.endsAtWallMs === b.limited?.endsAtWallMs
    );
  }
  if (a.may === 'meet' || b.may === 'meet') return false;
  return (
    a.may === b.may &&
    a.because === b.because &&
    a.appeal === b.appeal &&
    a.endsAtWallMs === b.endsAtWallMs
  );
}
