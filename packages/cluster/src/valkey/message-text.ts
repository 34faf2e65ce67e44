import type { NodeId } from '@farandole/kernel/id';
import {
  type NodeMessage,
  type NodeMessageOf,
  NODE_MESSAGE_VERSION as v,
} from '@farandole/protocol/node-message';
import type { ClusterMessage } from '../messages.ts';
import type { SentOnLane } from './node-lanes.ts';

/** Tells all nodes how many batches each of them should have got from this node. */
export interface Announcement {
  readonly type: 'lanes';
  readonly sent: Readonly<Record<NodeId, SentOnLane>>;
}

type FrameMessage = Extract<ClusterMessage, { type: 'gateway' }> & {
  readonly body: NodeMessageOf<'bridge.up' | 'bridge.down'>;
};

const UP = 'u';
const DOWN = 'd';
const OBJECT = '{';

/**
 * Writes a message as a text of a batch. A message is written as JSON. A page's frame, the most
 * frequent message, is instead put unchanged after the name of its socket: JSON would escape it
 * here and parse it there, which costs more than all else that happens to the frame between nodes.
 */
export function writeMessage(message: ClusterMessage | Announcement): string {
  return isFrame(message) ? writeFrame(message.body) : JSON.stringify(message);
}

/** Whether a message is a page's frame, which may wait for others. */
export function isFrame(message: ClusterMessage | Announcement): message is FrameMessage {
  if (message.type !== 'gateway') return false;
  const body = message.body as NodeMessage;
  return (body.type === 'bridge.up' || body.type === 'bridge.down') && !body.socket.includes('\n');
}

/**
 * Reads a text of a batch. Returns null for a kind of text that only a later version writes.
 *
 * @param from the batch's sender, which has the same keys, so that the text is trusted
 */
export function readMessage(text: string, from: NodeId): ClusterMessage | Announcement | null {
  const kind = text.charAt(0);
  if (kind === OBJECT) return JSON.parse(text) as ClusterMessage | Announcement;
  if (kind !== UP && kind !== DOWN) return null;
  const end = text.indexOf('\n');
  const frame = text.slice(end + 1);
  if (kind === UP) {
    const body: NodeMessage = { type: 'bridge.up', v, socket: text.slice(1, end), text: frame };
    return { type: 'gateway', from, body };
  }
  const space = text.indexOf(' ');
  const generation = Number(text.slice(1, space));
  const socket = text.slice(space + 1, end);
  const body: NodeMessage = { type: 'bridge.down', v, socket, generation, text: frame };
  return { type: 'gateway', from, body };
}

function writeFrame(message: FrameMessage['body']): string {
  const { socket, text } = message;
  if (message.type === 'bridge.up') return `${UP}${socket}\n${text}`;
  return `${DOWN}${message.generation} ${socket}\n${text}`;
}
