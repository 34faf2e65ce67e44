import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type NodeMessage, NODE_MESSAGE_VERSION as v } from '@farandole/protocol/node-message';
import fc from 'fast-check';
import type { ClusterMessage } from '../src/messages.ts';
import { readMessage, writeMessage } from '../src/valkey/message-text.ts';
import { nodeId } from './support/tickets.ts';

const ADA = nodeId('ada');
const SOCKET = '0123456789abcdefghijkl';

function ofGateway(body: NodeMessage): ClusterMessage {
  return { type: 'gateway', from: ADA, body };
}

describe('messages between nodes as texts', () => {
  it('[CL-103] passes a frame on without escaping it', () => {
    const frame = '{"type":"chat.typing","active":true}';
    const up = ofGateway({ type: 'bridge.up', v, socket: SOCKET, text: frame });
    assert.equal(writeMessage(up), `u${SOCKET}\n${frame}`);
    const down = { type: 'bridge.down', v, socket: SOCKET, generation: 12, text: frame } as const;
    assert.equal(writeMessage(ofGateway(down)), `d12 ${SOCKET}\n${frame}`);
  });

  it('[CL-103] reads what was written, whatever characters a frame has', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 });
    const generation = fc.integer({ min: 0, max: 2 ** 31 });
    fc.assert(
      fc.property(text, text, generation, (socket, frame, number) => {
        const bodies: readonly NodeMessage[] = [
          { type: 'bridge.up', v, socket, text: frame },
          { type: 'bridge.down', v, socket, generation: number, text: frame },
          { type: 'bridge.close', v, socket, generation: number, reason: frame },
        ];
        for (const message of bodies.map(ofGateway)) {
          assert.deepEqual(readMessage(writeMessage(message), ADA), message);
        }
      }),
    );
  });

  it('[CL-103] takes the sender of a frame from the batch', () => {
    const up = ofGateway({ type: 'bridge.up', v, socket: SOCKET, text: 'frame' });
    const read = readMessage(writeMessage(up), nodeId('bob'));
    assert.deepEqual(read, { ...up, from: nodeId('bob') });
  });

  it('[CL-103] ignores a kind of text of a later version', () => {
    assert.equal(readMessage('x', ADA), null);
    assert.equal(readMessage('', ADA), null);
  });
});
