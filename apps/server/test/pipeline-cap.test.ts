import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { test } from 'node:test';
import { capPipelines } from '../src/http/pipeline-cap.ts';

const MAX = 3;
const REQUEST = 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n';

test('answers pipelined requests in arrival order; ends the socket above the limit', async (t) => {
  const mayBeAnswered = capPipelines(MAX);
  const begun: ServerResponse[] = [];
  let wake = (): void => {};
  let seen = 0;
  const server = createServer((request, response) => {
    seen += 1;
    if (!mayBeAnswered(request, response)) return;
    begun.push(response);
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const untilBegun = async (count: number): Promise<void> => {
    while (begun.length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const client = connect({ port, host: '127.0.0.1' });
  client.on('error', () => {});
  let answers = '';
  client.setEncoding('latin1').on('data', (chunk: string) => {
    answers += chunk;
  });
  client.write(REQUEST.repeat(MAX));
  await untilBegun(MAX);
  for (const [index, response] of begun.entries()) response.end(`answer ${index}`);
  while (!answers.includes(`answer ${MAX - 1}`)) await once(client, 'data');
  assert.match(answers, /answer 0[^]*answer 1[^]*answer 2/);
  // After the responses are sent, the client may send as many requests again.
  client.write(REQUEST.repeat(MAX));
  await untilBegun(2 * MAX);
  const closed = once(client, 'close');
  client.write(REQUEST.repeat(50));
  await closed;
  assert.equal(begun.length, 2 * MAX);
  assert.equal(seen, 2 * MAX + 1, 'what came behind the one too many is not even looked at');
});
