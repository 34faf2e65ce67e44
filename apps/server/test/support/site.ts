import type { TestContext } from 'node:test';
import { type Caddy, startCaddy } from '@farandole/e2e/caddy';
import { freePort } from '@farandole/e2e/free-port';
import { type Ask as AnyAsk, ask as askAnybody, type HttpReply } from '@farandole/e2e/http';
import { startTestServer } from './test-server.ts';

export interface Site extends Pick<Caddy, 'httpsPort' | 'httpPort' | 'certificate'> {
  readonly origin: string;
}

export type { HttpReply };
export type Ask = Omit<AnyAsk, 'port' | 'host' | 'certificate'>;

/** Starts a server behind the shipped Caddyfile, as docs/tls.md describes. */
export async function startSite(
  t: TestContext,
  env: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const httpsPort = await freePort();
  const origin = `https://localhost:${httpsPort}`;
  const server = await startTestServer(t, {
    env: {
      FARANDOLE_ORIGINS: origin,
      FARANDOLE_TRUSTED_PROXIES: '127.0.0.1,::1',
      // The tests send requests for tickets without proofs of work.
      FARANDOLE_PROOF_MS: '0',
      ...env,
    },
  });
  const caddy = await startCaddy(httpsPort, server.port);
  t.after(() => caddy.stop());
  return { ...caddy, origin };
}

export async function ask({ httpsPort, certificate }: Site, options: Ask = {}): Promise<HttpReply> {
  return await askAnybody({ from: '127.0.0.1', ...options, port: httpsPort, certificate });
}

export async function askPlainly({ httpPort }: Site, path: string): Promise<HttpReply> {
  return await askAnybody({ port: httpPort, path, headers: { Host: 'localhost' } });
}
