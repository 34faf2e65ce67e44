import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request,
} from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';

export interface Answer {
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
  /** `Host` may be set too, which `fetch` would not allow. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The loopback address to come from; each 127.x.y.z is another client. */
  readonly from?: string;
  /** Of an authority that vouches for `localhost`; asks by TLS. */
  readonly certificate?: string;
}

/** One request on a connection of its own, with nothing added that a test did not ask for. */
export async function ask(options: Ask): Promise<Answer> {
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

/** Opens a socket, writes what it is given as it stands, and collects until the other end closes. */
export async function askRaw(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  // A server may reset a client that goes on writing; what it answered before counts.
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
