import { randomBytes } from 'node:crypto';
import { assertDefined } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import { parseValkeyUrl } from '../../src/valkey/location.ts';
import { ValkeyCluster, type ValkeyClusterOptions } from '../../src/valkey/valkey-cluster.ts';
import { ValkeyWire } from '../../src/valkey/wire.ts';

export const SECRET = new Uint8Array(32).fill(7);
export const FINGERPRINT = 'fingerprint';

export function instant(): Instant {
  return { monotonicMs: performance.now(), wallMs: Date.now() };
}

export function freshNodeId(): NodeId {
  return brandId<NodeId>(randomBytes(12).toString('base64url'));
}

/** Opens the connections of a node. The test drives the node's turns. */
export async function openCluster(
  url: string,
  changes: Partial<ValkeyClusterOptions> = {},
): Promise<{ readonly cluster: ValkeyCluster; readonly wire: ValkeyWire }> {
  const parsed = parseValkeyUrl(url);
  const wire = new ValkeyWire(assertDefined(parsed.ok ? parsed.value : null, `bad URL: ${url}`));
  const cluster = new ValkeyCluster({
    node: freshNodeId(),
    secret: SECRET,
    fingerprint: FINGERPRINT,
    wire,
    online: () => 0,
    database: { id: null, isReached: () => true },
    now: instant,
    onArrived: () => {},
    ...changes,
  });
  await wire.open();
  return { cluster, wire };
}
