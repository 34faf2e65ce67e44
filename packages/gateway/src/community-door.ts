import { brandId, type DeviceKeyId, isCommunityName, isId } from '@farandole/kernel/id';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import type { GatewayContext } from './context.ts';
import type { Signer } from './ports.ts';
import { parsePayload } from './sealed-payload.ts';
import type { Session } from './session.ts';
import { refuseSearch } from './session-life.ts';

/** Proves that a browser used a code of a community. Valid only with the same device key. */
export interface CommunityPass {
  readonly community: string;
  readonly device: DeviceKeyId;
  /** Id of the code. The pass ends when a member revokes the code. */
  readonly code: string;
  readonly endsAtWallMs: number;
}

type Asked = NonNullable<ClientMessageOf<'ticket.create'>['community']>;
type Refusal = Extract<ServerMessageOf<'ticket.refused'>['reason'], `community-${string}`>;

export function sealCommunityPass(signer: Signer, pass: CommunityPass): string {
  return signer.seal('community', JSON.stringify(pass));
}

/** Null if the pass is forged or has expired. */
export function openCommunityPass(
  signer: Signer,
  token: string,
  nowWallMs: number,
): CommunityPass | null {
  const payload = parsePayload(signer.open('community', token));
  if (payload === null) return null;
  const { community, device, code, endsAtWallMs } = payload;
  if (typeof community !== 'string' || !isCommunityName(community)) return null;
  if (typeof device !== 'string' || !isId(device) || typeof code !== 'string') return null;
  if (typeof endsAtWallMs !== 'number' || nowWallMs >= endsAtWallMs) return null;
  return { community, device: brandId<DeviceKeyId>(device), code, endsAtWallMs };
}

/** Returns why the user may not search in a community, or null. */
export function communityRefusal(
  context: GatewayContext,
  { device }: Pick<Session, 'device'>,
  { name, version, pass: token }: Asked,
): Refusal | null {
  const community = context.ports.communities.find(name);
  if (community === null) return 'community-closed';
  if (community.version !== version) return 'community-changed';
  if (!community.needsCode) return null;
  const { signer } = context.ports;
  const pass = token === undefined ? null : openCommunityPass(signer, token, context.now.wallMs);
  const isGood = pass?.community === name && pass.device === device && community.hasCode(pass.code);
  return isGood ? null : 'community-pass';
}

/** Ends the searches in communities that are closed. Calls go on. */
export function endClosedSearches(context: GatewayContext): void {
  for (const { session, ticket } of [...context.searches.values()]) {
    const { community } = ticket;
    if (community === undefined || context.ports.communities.find(community) !== null) continue;
    refuseSearch(context, session, 'community-closed');
  }
}
