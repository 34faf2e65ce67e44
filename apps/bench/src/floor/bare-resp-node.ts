/**
 * The floor of messages between nodes: PUBLISH and SUBSCRIBE in hand-written RESP over two sockets,
 * without encryption, checks or reconnects. Arguments: port of the server, own channel, the other
 * channel, and `lead` for the process that begins.
 */
import { connect, type Socket } from 'node:net';
import { FRAME, VolleyLead } from '../wide/volley.ts';

const CRLF = 2;
const LENGTH_BYTES = 4;

const [port, own = '', other = '', part] = process.argv.slice(2);
const commands = open();
const subscriber = open();
const lead =
  part === 'lead'
    ? new VolleyLead((count) => publish(Array.from({ length: count }, () => FRAME)))
    : null;

commands.on('data', () => {});
subscriber.on('data', takeReplies());
subscriber.write(`*2\r\n$9\r\nSUBSCRIBE\r\n$${own.length}\r\n${own}\r\n`);
process.once('disconnect', () => process.exit(0));

function open(): Socket {
  return connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
}

/** Sends the frames in one PUBLISH, each after its length. */
function publish(frames: readonly string[]): void {
  const length = frames.reduce((sum, frame) => sum + LENGTH_BYTES + Buffer.byteLength(frame), 0);
  const head = `*3\r\n$7\r\nPUBLISH\r\n$${other.length}\r\n${other}\r\n$${length}\r\n`;
  const bytes = Buffer.allocUnsafe(head.length + length + CRLF);
  let at = bytes.write(head);
  for (const frame of frames) {
    const written = bytes.write(frame, at + LENGTH_BYTES);
    bytes.writeUInt32BE(written, at);
    at += LENGTH_BYTES + written;
  }
  bytes.write('\r\n', at);
  commands.write(bytes);
}

function receive(payload: Buffer): void {
  const frames: string[] = [];
  for (let at = 0; at < payload.length; ) {
    const end = at + LENGTH_BYTES + payload.readUInt32BE(at);
    frames.push(payload.toString('utf8', at + LENGTH_BYTES, end));
    at = end;
  }
  if (lead === null) publish(frames);
  else for (const _ of frames) lead.returned();
}

/** Returns a reader of the two kinds of reply that a subscriber gets. */
function takeReplies(): (chunk: Buffer) => void {
  const subscribed = `*3\r\n$9\r\nsubscribe\r\n$${own.length}\r\n${own}\r\n:1\r\n`;
  const message = `*3\r\n$7\r\nmessage\r\n$${own.length}\r\n${own}\r\n$`;
  let rest: Buffer = Buffer.alloc(0);
  let isSubscribed = false;
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!isSubscribed) {
      if (rest.length < subscribed.length) return;
      rest = rest.subarray(subscribed.length);
      isSubscribed = true;
      process.send?.('ready');
    }
    for (;;) {
      const lengthEnd = rest.indexOf('\r\n', message.length);
      if (lengthEnd === -1) return;
      const from = lengthEnd + CRLF;
      const end = from + Number(rest.toString('latin1', message.length, lengthEnd));
      if (rest.length < end + CRLF) return;
      receive(rest.subarray(from, end));
      rest = rest.subarray(end + CRLF);
    }
  };
}
