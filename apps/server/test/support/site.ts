import type { IncomingMessage } from 'node:http';
import { request as requestHttp } from 'node:http';
import { request } from 'node:https';
import type { TestContext } from 'node:test';
import { freePort } from '@farandole/e2e/free-port';
import { type Caddy, startCaddy } from './caddy.ts';
import { startTestServer } from './test-server.ts';

export interface Site extends Caddy {
  readonly origin: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The loopback address to come from. */
  readonly from?: string;
}

/** A server behind the shipped Caddyfile, as docs/tls.md sets it up. */
export async function startSite(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const httpsPort = await freePort();
  const origin = `https://localhost:${httpsPort}`;
  const server = await startTestServer(t, {
    env: { FARANDOLE_ORIGINS: origin, FARANDOLE_TRUSTED_PROXIES: '127.0.0.1,::1', ...env },
  });
  return { ...(await startCaddy(t, httpsPort, server.port)), origin };
}

export async function ask(site: Site, options: Ask = {}): Promise<Answer> {
  const { method = 'GET', path = '/', headers = {}, body, from = '127.0.0.1' } = options;
  const sent = request({
    host: '127.0.0.1',
    servername: 'localhost',
    port: site.httpsPort,
    path,
    method,
    headers: { Host: `localhost:${site.httpsPort}`, ...headers },
    ca: site.certificate,
    localAddress: from,
    agent: false,
  });
  sent.end(body);
  return await answerTo(sent);
}

/** The same site by http://, as whoever types its name may come. */
export async function askPlainly(site: Site, path: string): Promise<Answer> {
  const sent = requestHttp({
    host: '127.0.0.1',
    port: site.httpPort,
    path,
    headers: { Host: 'localhost' },
    agent: false,
  });
  sent.end();
  return await answerTo(sent);
}

async function answerTo(sent: ReturnType<typeof request>): Promise<Answer> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve);
    sent.on('error', reject);
  });
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}
