import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import {
  type ConnectionOptions,
  connect,
  createServer,
  type SecureVersion,
  type TLSSocket,
} from 'node:tls';
import { startSite } from './support/site.ts';

interface Offer {
  readonly versions: readonly [min: SecureVersion, max: SecureVersion];
  /** OpenSSL names of the cipher suites to offer. By default all suites are offered. */
  readonly ciphers?: string;
}

/** Makes the client accept the weakest suites, so that only the server can refuse them. */
const EVERYTHING = 'ALL:@SECLEVEL=0';

/**
 * Returns the TLS version and cipher suite that a server accepts, such as `TLSv1.3
 * TLS_AES_128_GCM_SHA256`; null if the server refuses the handshake.
 */
async function agreed(
  t: TestContext,
  { port, ca }: { readonly port: number; readonly ca: string },
  { versions: [minVersion, maxVersion], ciphers = EVERYTHING }: Offer,
): Promise<string | null> {
  const options: ConnectionOptions = { minVersion, maxVersion, ciphers, ca };
  const socket = connect({ ...options, port, host: '127.0.0.1', servername: 'localhost' });
  t.after(() => socket.destroy());
  try {
    await once(socket, 'secureConnect');
    return `${socket.getProtocol() ?? ''} ${socket.getCipher().name}`;
  } catch {
    return null;
  }
}

/**
 * Suites for TLS 1.2 that RFC 9325, section 4.2 recommends, because they have forward secrecy
 * and authenticated encryption.
 */
const GOOD_CIPHERS = ['GCM-SHA256', 'GCM-SHA384', 'CHACHA20-POLY1305'];

const OLD_CIPHERS = [
  'AES128-SHA',
  'AES256-SHA256',
  'AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES128-SHA',
  'ECDHE-ECDSA-AES256-SHA384',
  'ECDHE-ECDSA-AES128-SHA256',
  'NULL-SHA256',
];

test('speaks only TLS 1.2 and 1.3 and prefers 1.3 behind Caddy', async (t) => {
  const site = await startSite(t);
  const server = { port: site.httpsPort, ca: site.certificate };
  assert.match((await agreed(t, server, { versions: ['TLSv1', 'TLSv1.3'] })) ?? '', /^TLSv1\.3 /);
  assert.match((await agreed(t, server, { versions: ['TLSv1', 'TLSv1.2'] })) ?? '', /^TLSv1\.2 /);
  for (const old of ['TLSv1', 'TLSv1.1'] as const) {
    assert.equal(await agreed(t, server, { versions: [old, old] }), null, old);
  }
});

test('accepts only TLS 1.2 suites with forward secrecy and authenticated encryption', async (t) => {
  const site = await startSite(t);
  const server = { port: site.httpsPort, ca: site.certificate };
  const versions = ['TLSv1.2', 'TLSv1.2'] as const;
  const chosen = (await agreed(t, server, { versions })) ?? '';
  assert.match(chosen, /^TLSv1\.2 ECDHE-/);
  assert.ok(
    GOOD_CIPHERS.some((ending) => chosen.endsWith(ending)),
    chosen,
  );
  for (const cipher of OLD_CIPHERS) {
    const offer = { versions, ciphers: `${cipher}:@SECLEVEL=0` };
    assert.equal(await agreed(t, server, offer), null, cipher);
  }
});

test("checks that the test's TLS client would accept old TLS versions", async (t) => {
  const server = createServer({ minVersion: 'TLSv1', ciphers: 'ALL:aNULL:@SECLEVEL=0' });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  for (const old of ['TLSv1', 'TLSv1.1'] as const) {
    // A server without a certificate can use only anonymous suites.
    const socket: TLSSocket = connect({
      port: address.port,
      host: '127.0.0.1',
      minVersion: old,
      maxVersion: old,
      ciphers: 'aNULL:@SECLEVEL=0',
      rejectUnauthorized: false,
    });
    t.after(() => socket.destroy());
    await once(socket, 'secureConnect');
    assert.equal(socket.getProtocol(), old);
  }
});
