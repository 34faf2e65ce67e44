import { createHmac } from 'node:crypto';
import type { SessionId } from '@farandole/kernel/id';
import type { IceServer, IceServersReply, RelayMode } from '@farandole/protocol/http-api';
import { TURN_CREDENTIAL_LIFETIME_S } from '../limits.ts';
import { stunUrlOf, type TurnUrl } from './turn-url.ts';

export interface IceSettings {
  readonly relay: RelayMode;
  readonly turnUrls: readonly TurnUrl[];
  /** Shared secret of the TURN servers; null if they are offered for STUN only. */
  readonly turnSecret: string | null;
}

/**
 * Returns the ICE servers of one session. Credentials follow the TURN REST API
 * (draft-uberti-behave-turn-rest-00, section 2.2), as coturn's `use-auth-secret` does. The user
 * name is `expiry:session`, and the password is the user name's HMAC-SHA1 in base64.
 *
 * STUN is offered only if users may connect directly. The STUN server is the operator's own, so
 * that no third party sees the users.
 */
export function iceServersFor(
  settings: IceSettings,
  session: SessionId,
  nowWallMs: number,
): IceServersReply {
  const { relay, turnUrls, turnSecret } = settings;
  const iceServers: IceServer[] = [];
  if (relay !== 'always') {
    const urls = new Set(turnUrls.map(stunUrlOf).filter((url) => url !== null));
    if (urls.size > 0) iceServers.push({ urls: [...urls] });
  }
  if (turnSecret !== null && turnUrls.length > 0) {
    const username = `${Math.floor(nowWallMs / 1_000) + TURN_CREDENTIAL_LIFETIME_S}:${session}`;
    iceServers.push({
      urls: turnUrls.map(({ url }) => url),
      username,
      credential: createHmac('sha1', turnSecret).update(username).digest('base64'),
    });
  }
  return { iceServers, expiresInMs: TURN_CREDENTIAL_LIFETIME_S * 1_000 };
}
