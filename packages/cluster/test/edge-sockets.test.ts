import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Connection } from '@farandole/gateway/connection';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type ConnectionId, type NodeId } from '@farandole/kernel/id';
import { withAck } from '@farandole/protocol/frame-ack';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import type { NodeMessage, NodeMessageOf } from '@farandole/protocol/node-message';
import { type EdgeSocket, EdgeSockets } from '../src/edge-sockets.ts';
import { MOVING_FRAMES_MAX, SOCKETS_CLOSED_WITHIN_MS } from '../src/limits.ts';
import type { Member } from '../src/node-channel.ts';

const HOME = brandId<NodeId>('node-home');
const OTHER = brandId<NodeId>('node-other');
const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms });

function connection(name: string): Connection {
  return { id: brandId<ConnectionId>(name), framesFullAtMs: 0 } as unknown as Connection;
}

class Edge {
  readonly sent: NodeMessage[] = [];
  readonly closed: string[] = [];
  readonly sockets: EdgeSockets;
  isInDoubt = false;
  members: ReadonlyMap<NodeId, Member> = new Map();

  constructor() {
    this.sockets = new EdgeSockets({
      channel: {
        send: (_to, message) => void this.sent.push(message),
        members: () => this.members,
      },
      sockets: { send: () => {}, close: (id, reason) => void this.closed.push(`${id} ${reason}`) },
      isInDoubt: () => this.isInDoubt,
    });
  }

  moving(name = 'socket-1', generation = 2): EdgeSocket {
    this.sockets.addMoving(connection(name), HOME, `session-${name}`, generation);
    const edge = this.sockets.get(brandId<ConnectionId>(name));
    assert.ok(edge !== undefined);
    return edge;
  }

  get types(): readonly string[] {
    return this.sent.map(({ type }) => type);
  }
}

const FRAME = { text: '{}', byteLength: 2 };

it('[CL-76] SOCKETS_CLOSED_WITHIN_MS: closes the sockets of a lost home within this time', () => {
  const edge = new Edge();
  for (let place = 0; place < 4; place++) edge.moving(`socket-${place}`);
  edge.sockets.laneOver(OTHER, at(0));
  assert.equal(edge.sockets.size, 4);
  edge.sockets.laneOver(HOME, at(0));
  assert.equal(edge.sockets.size, 0);
  assert.ok(edge.sockets.isClosing(brandId<ConnectionId>('socket-3')));
  edge.sockets.tick(at(0));
  assert.deepEqual(edge.closed, ['socket-0 other-node']);
  edge.sockets.tick(at(SOCKETS_CLOSED_WITHIN_MS));
  assert.equal(edge.closed.length, 4);
});

it('[CL-74] keeps frames until the home has the session, and then sends them in order', () => {
  const edge = new Edge();
  const socket = edge.moving();
  for (let place = 0; place < MOVING_FRAMES_MAX; place++) {
    edge.sockets.up(socket, { text: `${place}`, byteLength: 1 }, 0);
  }
  assert.deepEqual(edge.types, []);
  const move = { session: 'session-socket-1', generation: 2, socket: 'socket-1' };
  edge.sockets.taken(move as Parameters<EdgeSockets['taken']>[0], HOME);
  const texts = edge.sent.map((message) => (message.type === 'bridge.up' ? message.text : '?'));
  assert.deepEqual(
    texts,
    Array.from({ length: MOVING_FRAMES_MAX }, (_, place) => `${place}`),
  );
});

it('[CL-74] closes a socket to resume when too many of its frames wait', () => {
  const edge = new Edge();
  const socket = edge.moving();
  edge.isInDoubt = true;
  for (let place = 0; place <= MOVING_FRAMES_MAX; place++) edge.sockets.up(socket, FRAME, 0);
  assert.deepEqual(edge.closed, ['socket-1 other-node']);
  assert.deepEqual(edge.types, [], 'the home hears of it when it has the session');
  const move = { session: 'session-socket-1', generation: 2, socket: 'socket-1' };
  edge.sockets.taken(move as Parameters<EdgeSockets['taken']>[0], HOME);
  assert.deepEqual(edge.types, ['bridge.closed']);
});

it('[CL-70] accepts messages of the current home and generation only', () => {
  const edge = new Edge();
  edge.moving('socket-1', 4);
  const message = { socket: 'socket-1', generation: 4 };
  assert.ok(edge.sockets.from(HOME, message) !== null);
  assert.equal(edge.sockets.from(OTHER, message), null);
  assert.equal(edge.sockets.from(HOME, { ...message, generation: 3 }), null);
  assert.equal(edge.sockets.from(HOME, { ...message, socket: 'socket-2' }), null);
});

it('[CL-77] passes a frame of the largest size to the home and closes at one more byte', () => {
  const edge = new Edge();
  edge.sockets.addForwarded(connection('socket-1'), HOME);
  const socket = edge.sockets.get(brandId<ConnectionId>('socket-1'));
  assert.ok(socket !== undefined);
  edge.sockets.up(socket, { text: '{}', byteLength: CLIENT_FRAME_BYTES_MAX }, 0);
  assert.deepEqual(edge.types, ['bridge.up']);
  edge.sockets.up(socket, { text: '{}', byteLength: CLIENT_FRAME_BYTES_MAX + 1 }, 0);
  assert.deepEqual(edge.closed, ['socket-1 too-large']);
  assert.deepEqual(edge.types, ['bridge.up', 'bridge.closed']);
});

it('[CL-161] splits an acknowledgement off a frame for an older home', () => {
  const frame = '{"type":"ticket.withdraw","seq":2,"ticket":"ticket-1"}';
  const carrying = withAck(frame, 7);
  const member = { version: '1', online: 0, isDraining: false };
  const homes: readonly (readonly [ReadonlyMap<NodeId, Member>, readonly string[]])[] = [
    [new Map(), ['{"type":"link.ack","ack":7}', frame]],
    [new Map([[HOME, { ...member, readsAcks: false }]]), ['{"type":"link.ack","ack":7}', frame]],
    [new Map([[HOME, { ...member, readsAcks: true }]]), [carrying]],
  ];
  for (const [members, passed] of homes) {
    const edge = new Edge();
    edge.members = members;
    edge.sockets.addForwarded(connection('socket-1'), HOME);
    const forwarded = edge.sockets.get(brandId<ConnectionId>('socket-1'));
    const moving = edge.moving('socket-2');
    assert.ok(forwarded !== undefined);
    edge.sockets.up(forwarded, { text: carrying, byteLength: carrying.length }, 0);
    edge.sockets.up(moving, { text: carrying, byteLength: carrying.length }, 0);
    const { session, generation } = moving;
    const move = { session, generation, socket: 'socket-2' };
    edge.sockets.taken(move as NodeMessageOf<'session.move'>, HOME);
    const texts = edge.sent.map((message) => 'text' in message && message.text);
    assert.deepEqual(texts, [...passed, ...passed]);
  }
});

it('[CL-78] fetches a free session until the home gives or refuses it', () => {
  const edge = new Edge();
  edge.sockets.addForwarded(connection('socket-1'), HOME);
  const socket = edge.sockets.get(brandId<ConnectionId>('socket-1'));
  assert.ok(socket !== undefined);
  edge.sockets.free(socket, 'session-0001', 3, at(0));
  edge.sockets.free(socket, 'session-0001', 3, at(1));
  edge.sockets.up(socket, FRAME, 0);
  assert.deepEqual(edge.types, ['session.fetch']);
  edge.sockets.tick(at(1_000));
  assert.deepEqual(edge.types, ['session.fetch', 'session.fetch']);
  const refused = {
    type: 'session.refused',
    v: 1,
    session: 'session-0001',
    generation: 3,
  } as const;
  edge.sockets.notFetched(OTHER, refused);
  edge.sockets.notFetched(HOME, { ...refused, generation: 2 });
  assert.equal(edge.types.length, 2);
  edge.sockets.notFetched(HOME, refused);
  assert.deepEqual(edge.types.slice(2), ['bridge.up']);
});
