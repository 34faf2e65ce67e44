import { encodeServerMessage } from '@farandole/protocol/codec';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { Connection } from './connection.ts';
import type { GatewayContext } from './context.ts';
import { sendPassing } from './outbox.ts';
import type { Standing } from './ports.ts';
import type { Session } from './session.ts';

/** Sends a changed standing; always on a `new` socket, since the old one may have lost it. */
export function tellStanding(
  context: GatewayContext,
  session: Session,
  socket: 'new' | 'known',
): Standing {
  const standing = context.standingOf(session);
  const told = session.standingTold;
  if (told === null ? standing.may === 'meet' : socket === 'known' && isSame(told, standing)) {
    return standing;
  }
  session.standingTold = standing;
  sendPassing(context, session, messageOf(standing));
  return standing;
}

/** Sends the standing to a socket that gets no session. */
export function tellRefused(
  context: GatewayContext,
  connection: Connection,
  standing: Standing,
): void {
  context.ports.connections.send(connection.id, encodeServerMessage(messageOf(standing)));
}

function messageOf(standing: Standing): ServerMessageOf<'standing.changed'> {
  const type = 'standing.changed';
  if (standing.may === 'meet') return { type, may: 'meet' };
  const { may, because, appeal, endsAtWallMs } = standing;
  return {
    type,
    may,
    because,
    ...(appeal === null ? {} : { appeal }),
    ...(endsAtWallMs === null ? {} : { endsAtMs: endsAtWallMs }),
  };
}

function isSame(a: Standing, b: Standing): boolean {
  if (a.may === 'meet' || b.may === 'meet') return a.may === b.may;
  return (
    a.may === b.may &&
    a.because === b.because &&
    a.appeal === b.appeal &&
    a.endsAtWallMs === b.endsAtWallMs
  );
}
