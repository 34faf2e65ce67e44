import { once } from 'node:events';
import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  type RequestOptions,
  request,
} from 'node:http';
import { request as requestTls } from 'node:https';
import { connect } from 'node:net';
import { proofFor } from './proof.ts';

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
  /** Request headers. They may include `Host`, which `fetch` forbids. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Local address to connect from. The server counts each 127.x.y.z as another client. */
  readonly from?: string;
  /**
   * Certificate of an authority that signs for `localhost`. If it is given, the request uses
   * TLS.
   */
  readonly certificate?: string;
}

/** Sends one request on its own connection, without implicit headers. */
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

/**
 * Requests a session ticket, as a page does, and proves work if the server asks for it.
 * @returns the answer and the user's cookie, which is the one that the answer sets, or else the
 * given one
 */
export async function askForTicket(
  options: Pick<Ask, 'port' | 'from'> & {
    readonly cookie: string | null;
    /** Origin header to send, by default the server's first origin. */
    readonly origin?: string;
    /** Further headers, for example those of a reverse proxy. */
    readonly headers?: Readonly<Record<string, string>>;
    /** Secret of the session that the page wants to resume. */
    readonly resume?: string;
  },
): Promise<{ readonly answer: HttpReply; readonly cookie: string | null }> {
  const { port, from, cookie, origin = `http://localhost:${port}`, headers, resume } = options;
  const own = cookie === null ? {} : { Cookie: cookie };
  const send = async (body: object): Promise<HttpReply> =>
    await ask({
      method: 'POST',
      port,
      path: '/api/session-ticket',
      ...(from === undefined ? {} : { from }),
      headers: { ...headers, Origin: origin, 'Content-Type': 'application/json', ...own },
      body: JSON.stringify(body),
    });
  const asked = resume === undefined ? {} : { resume };
  let answer = await send(asked);
  if (answer.status === 200) {
    const proof = await proofFor(answer.json());
    if (proof !== null) answer = await send({ ...asked, proof });
  }
  const [set] = answer.headers['set-cookie'] ?? [];
  return { answer, cookie: set?.split(';')[0] ?? cookie };
}

/** Sends raw text to the server. Returns everything received until the server closes the socket. */
export async function askRaw(port: number, text: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' });
  // The error is ignored, because a server may reset a client that keeps writing. Its earlier
  // response still counts.
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
