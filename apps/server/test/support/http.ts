import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request,
} from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';

export interface HttpReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  text(): string;
  json(): unknown;
}

export interface Ask {
  readonly method?: string;
  readonly host?: string;
  readonly port: number;
  readonly path?: string;
  /** May include `Host`, which `fetch` forbids. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The local address to connect from; each 127.x.y.z is another client. */
  readonly from?: string;
  /** Of an authority that signs for `localhost`; uses TLS. */
  readonly certificate?: string;
}

/** One request on its own connection, without implicit headers. */
export async function ask(options: Ask): Promise<HttpReply> {
  const {
    method = 'GET',
    host = '127.0.0.1',
    port,
    path = '/',
    headers = {},
    body,
    from,
    certificate,
  } = options;
  const how: RequestOptions = {
    host,
    port,
    path,
    method,
    headers: { Host: `localhost:${port}`, ...headers },
    agent: false,
    ...(from === undefined ? {} : { localAddress: from }),
  };
  const sent =
    certificate === undefined
      ? request(how)
      : requestTls({ ...how, servername: 'localhost', ca: certificate });
  const answered = once(sent, 'response');
  sent.end(body);
  const [response] = (await answered) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const whole = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: whole,
    text: () => whole.toString('utf8'),
    json: () => JSON.parse(whole.toString('utf8')) as unknown,
  };
}

/** Writes raw text and returns everything until the other end closes. */
export async function askRaw(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  // A server may reset a client that keeps writing; its earlier response counts.
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(text);
  let answer = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}
