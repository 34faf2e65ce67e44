import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { assertDefined } from '@farandole/kernel/assert';
import { connectValkey } from '../src/valkey/connect.ts';
import { parseValkeyUrl } from '../src/valkey/location.ts';
import type { ValkeyWire } from '../src/valkey/wire.ts';
import { until } from './support/until.ts';
import { startValkey, type TestValkey } from './support/valkey-server.ts';

let valkey: TestValkey;
/** Passes bytes between a wire and the server, and counts the bytes of the server. */
let proxy: Server;
let answeredBytes = 0;
before(async () => {
  valkey = await startValkey();
  proxy = createServer((socket) => {
    const server = connect(valkey.port, '127.0.0.1');
    server.on('data', (chunk) => {
      answeredBytes += chunk.length;
    });
    socket.pipe(server).pipe(socket);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
});
after(async () => {
  proxy.close();
  await valkey.stop();
});

async function openWire(port: number): Promise<ValkeyWire> {
  const location = parseValkeyUrl(`valkey://127.0.0.1:${port}`);
  return await connectValkey(assertDefined(location.ok ? location.value : null, 'a URL'));
}

describe('a wire publishes without asking for replies', () => {
  it('[CL-130] gets no reply to a batch, and the reply to each script', async (t) => {
    const sender = await openWire((proxy.address() as AddressInfo).port);
    const receiver = await openWire(valkey.port);
    t.after(() => {
      sender.close();
      receiver.close();
    });
    const heard: string[] = [];
    let isSubscribed = false;
    receiver.attach({
      message: (channel, bytes) => heard.push(`${channel} ${bytes.toString('latin1')}`),
      up: () => {},
      down: () => {},
      subscribed: () => {
        isSubscribed = true;
      },
    });
    receiver.subscribe('a-channel-é');
    await until('the receiver is subscribed', () => isSubscribed);
    await sender.settled();
    const bytesBefore = answeredBytes;
    const batches = Array.from({ length: 50 }, (_, at) => Buffer.from([at, 0, 0x0d, 0x0a, 0xff]));
    const answers = batches.map(async (batch, at) => {
      sender.publish('a-channel-é', batch);
      return await sender.run('return ARGV[1]', [], [at]);
    });
    assert.deepEqual(
      await Promise.all(answers),
      batches.map((_, at) => String(at)),
    );
    await until('all batches arrive', () => heard.length === batches.length);
    assert.deepEqual(
      heard,
      batches.map((batch) => `a-channel-é ${batch.toString('latin1')}`),
    );
    const scriptsBytes = batches.reduce((sum, _, at) => sum + bulk(String(at)).length, 0);
    assert.equal(answeredBytes - bytesBefore, scriptsBytes);
  });
});

/** Returns a reply as the server encodes it. */
function bulk(text: string): string {
  return `$${text.length}\r\n${text}\r\n`;
}
