import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { freePort } from '@farandole/e2e/free-port';
import { assertDefined } from '@farandole/kernel/assert';
import { ConnectError, connectValkey } from '../src/valkey/connect.ts';
import { parseValkeyUrl } from '../src/valkey/location.ts';
import { ValkeyWire } from '../src/valkey/wire.ts';
import { until } from './support/until.ts';
import { startValkey, type TestValkey } from './support/valkey-server.ts';

/** First byte of a TLS connection (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 22;

let valkey: TestValkey;
before(async () => {
  valkey = await startValkey({ password: 'a-password' });
});
after(async () => await valkey.stop());

async function problemOf(url: string): Promise<string | null> {
  const parsed = parseValkeyUrl(url);
  try {
    const location = assertDefined(parsed.ok ? parsed.value : null, url);
    (await connectValkey(location)).close();
    return null;
  } catch (error) {
    assert.ok(error instanceof ConnectError, String(error));
    assert.doesNotMatch(error.message, /password-of-nobody/);
    return error.problem;
  }
}

describe('a server that can’t be used is reported at once', () => {
  it('[CL-101] opens a server with the right password', async () => {
    assert.equal(await problemOf(valkey.url), null);
  });

  it('[CL-101] reports a wrong or missing password', async () => {
    const { port } = valkey;
    assert.equal(await problemOf(`valkey://:password-of-nobody@127.0.0.1:${port}`), 'password');
    assert.equal(await problemOf(`valkey://ada:password-of-nobody@127.0.0.1:${port}`), 'password');
    assert.equal(await problemOf(`valkey://127.0.0.1:${port}`), 'password');
  });

  it('[CL-101] reports an unknown user of a server without a password', async (t) => {
    const open = await startValkey();
    t.after(() => open.stop());
    const url = `valkey://nobody:password-of-nobody@127.0.0.1:${open.port}`;
    for (let tries = 0; tries < 5; tries++) assert.equal(await problemOf(url), 'password');
  });

  it('[CL-101] reports an address where no server answers', async () => {
    const port = await freePort();
    assert.equal(await problemOf(`valkey://127.0.0.1:${port}`), 'unreachable');
    assert.equal(await problemOf(`valkeys://127.0.0.1:${valkey.port}`), 'unreachable');
    assert.equal(await problemOf(`valkey+sentinel://127.0.0.1:${port}/main`), 'unreachable');
  });

  it('[CL-101] says that it tried TLS, at a server without', async () => {
    const parsed = parseValkeyUrl(`valkeys://127.0.0.1:${valkey.port}`);
    const location = assertDefined(parsed.ok ? parsed.value : null, 'a URL');
    await assert.rejects(connectValkey(location), { message: /, with TLS$/ });
  });

  it('[CL-101] reports a server that accepts the connection and doesn’t answer', async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : 0;
    assert.equal(await problemOf(`valkey://127.0.0.1:${port}`), 'unreachable');
    silent.close();
  });

  it('[CL-130] reports a user who may not suppress replies', async (t) => {
    const open = await startValkey();
    t.after(() => open.stop());
    const rights = ['on', '>a-password', '~*', '&*', '+@all', '-client|reply'];
    await open.command('ACL', 'SETUSER', 'ada', ...rights);
    const url = `valkey://ada:a-password@127.0.0.1:${open.port}`;
    assert.equal(await problemOf(url), 'refused');
    await open.command('ACL', 'SETUSER', 'ada', '+client|reply');
    assert.equal(await problemOf(url), null);
  });

  it('[CL-101] reports each right that a user lacks, and needs no others', async (t) => {
    const open = await startValkey();
    t.after(() => open.stop());
    const guide = await readFile(
      new URL('../../../docs/several-nodes.md', import.meta.url),
      'utf8',
    );
    const [, listed = ''] = /^ *user farandole on >PASSWORD (.*)$/m.exec(guide) ?? [];
    const rights = listed.split(' ');
    const url = `valkey://ada:a-password@127.0.0.1:${open.port}`;
    const problemWith = async (given: readonly string[]): Promise<string | null> => {
      await open.command('ACL', 'SETUSER', 'ada', 'reset', 'on', '>a-password', ...given);
      return await problemOf(url);
    };
    assert.equal(await problemWith(rights), null);
    for (const right of rights.filter((each) => /^[~&+]/.test(each))) {
      const problem = await problemWith(rights.filter((each) => each !== right));
      assert.equal(problem, 'refused', `without ${right}`);
    }
  });

  it('[CL-186] connects by TLS if the URL says so, and tells a server its name', async () => {
    const cases = [
      { url: 'valkey+sentinel://127.0.0.1:PORT/main', isTls: false, isNamed: false },
      { url: 'valkeys+sentinel://127.0.0.1:PORT/main', isTls: true, isNamed: false },
      { url: 'valkeys://127.0.0.1:PORT', isTls: true, isNamed: false },
      { url: 'valkeys://localhost:PORT', isTls: true, isNamed: true },
    ];
    for (const { url, isTls, isNamed } of cases) {
      const sockets: Socket[] = [];
      const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const parsed = parseValkeyUrl(url.replace('PORT', String(port)));
      const wire = new ValkeyWire(assertDefined(parsed.ok ? parsed.value : null, url));
      wire.open().catch(() => {});
      const [socket] = (await once(server, 'connection')) as [Socket];
      const [hello] = (await once(socket, 'data')) as [Buffer];
      wire.close();
      server.close();
      for (const each of sockets) each.destroy();
      assert.equal(hello[0] === TLS_HANDSHAKE, isTls, url);
      assert.equal(hello.includes('localhost'), isNamed, url);
    }
  });

  it('[CL-185] names the code of a refusal or failure until a script runs again', async (t) => {
    const open = await startValkey();
    t.after(() => open.stop());
    const parsed = parseValkeyUrl(open.url);
    const wire = await connectValkey(assertDefined(parsed.ok ? parsed.value : null, open.url));
    t.after(() => wire.close());
    const set = async (): Promise<unknown> =>
      await wire.run(`return redis.call('SET', KEYS[1], '')`, ['{farandole}:one'], []);
    await set();
    assert.equal(wire.errorCode, null);
    await open.command('CONFIG', 'SET', 'maxmemory', '1');
    await assert.rejects(set());
    assert.equal(wire.errorCode, 'OOM');
    await open.command('CONFIG', 'SET', 'maxmemory', '0');
    await set();
    assert.equal(wire.errorCode, null);
    await open.kill();
    await until('the connection is refused', () => wire.errorCode === 'ECONNREFUSED');
  });

  it('[CL-101] reports a server that is too old', async () => {
    const old = createServer((socket) => {
      socket.on('data', () => socket.write('$19\r\nredis_version:6.2.7\r\n'));
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => old.listen(0, '127.0.0.1', resolve));
    const address = old.address();
    const port = typeof address === 'object' ? address?.port : 0;
    assert.equal(await problemOf(`valkey://127.0.0.1:${port}`), 'too-old');
    old.close();
  });
});
