/**
 * One end of the channel between two nodes, without sockets and gateway: what a frame between nodes
 * costs. Arguments: URL of the server, own name, the other node's name, and `lead` for the process
 * that begins.
 */
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { NodeTurns } from '@farandole/cluster/node-turns';
import { connectValkey } from '@farandole/cluster/valkey/connect';
import { parseValkeyUrl } from '@farandole/cluster/valkey/location';
import { ValkeyCluster } from '@farandole/cluster/valkey/valkey-cluster';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type NodeId } from '@farandole/kernel/id';
import { FRAME, VolleyLead } from './volley.ts';

const [url = '', own = '', other = '', part] = process.argv.slice(2);
const location = parseValkeyUrl(url);
if (!location.ok) throw new Error(`not a URL of Valkey: ${location.problem}`);
const to = brandId<NodeId>(other);
/** As long as the name of a socket of a server. */
const socket = '0123456789abcdefghijkl';

let isTurnSoon = false;
const now = (): Instant => ({ monotonicMs: performance.now(), wallMs: Date.now() });
const cluster = new ValkeyCluster({
  node: brandId<NodeId>(own),
  secret: new Uint8Array(32).fill(7),
  fingerprint: 'bench',
  wire: await connectValkey(location.value),
  online: () => 0,
  database: { id: null, isReached: () => true },
  now,
  onArrived: () => {
    if (isTurnSoon) return;
    isTurnSoon = true;
    setImmediate(() => {
      isTurnSoon = false;
      turns.turn(() => {});
    });
  },
});
const turns = new NodeTurns(
  {
    gateway: { tick: () => {} },
    pool: {
      tick: (at) => cluster.tick(at),
      runWave: () => {},
      drain: (at) => cluster.drain(at),
    },
  },
  { now, soon: (run) => setImmediate(run) },
);
const lead =
  part === 'lead'
    ? new VolleyLead((count) => {
        // Each frame of a page is handled in a turn of its own.
        for (let n = 0; n < count; n++) {
          turns.turn(() => cluster.send(to, { type: 'bridge.up', v: 1, socket, text: FRAME }));
        }
      })
    : null;
cluster.attach({
  received: (from, message) => {
    if (message.type === 'bridge.up') {
      const { text } = message;
      cluster.send(from, { type: 'bridge.down', v: 1, socket, generation: 2, text });
    } else if (message.type === 'bridge.down') lead?.returned();
  },
  laneOver: () => {},
  memberGone: () => {},
  memberCame: (node) => {
    if (node === to) process.send?.('ready');
  },
  fenced: () => {},
  unfenced: () => {},
});
await cluster.join();
turns.start();
setInterval(() => turns.tick(), TICK_EVERY_MS);
process.once('disconnect', () => process.exit(0));
