import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { TLSSocket } from 'node:tls';
import { openPostgres, wayTo } from '../src/postgres/postgres-database.ts';
import { asStoreError } from '../src/store-error.ts';
import { selfSigned } from './support/self-signed.ts';
import { temporaryFolder } from './support/temporary-folder.ts';

/** PostgreSQL's SSLRequest message, with which a client asks for TLS. */
const TLS_WANTED = Buffer.from('0000000804d2162f', 'hex');

test('[ST-40] connects to a database on another machine only over verified TLS', () => {
  for (const [url, way] of [
    ['postgres://me@%2Frun%2Fpostgresql/farandole', 'on this machine'],
    ['postgres:///farandole?host=/run/postgresql', 'on this machine'],
    ['postgres://me:secret@localhost/farandole', 'on this machine'],
    ['postgres://me@127.0.0.1:5433/farandole', 'on this machine'],
    ['postgres://me@[::1]/farandole', 'on this machine'],
    ['postgres://me@db.example.org/farandole?sslmode=verify-full', 'over checked TLS'],
    ['postgres://me@192.0.2.1/farandole?ssl=true', 'over checked TLS'],
    [
      'postgres://me@localhost/farandole?host=db.example.org&sslmode=verify-full',
      'over checked TLS',
    ],
    ['postgres://me@db.example.org/farandole?sslmode=disable', 'in clear'],
  ] as const) {
    assert.equal(wayTo(url), way, url);
  }
  for (const refused of [
    'postgres://me:hush-hush@db.example.org/farandole',
    'postgres://me:hush-hush@192.0.2.1/farandole',
    'postgres://me:hush-hush@127.0.0.1.example.org/farandole',
    'postgres://me:hush-hush@localhost/farandole?host=db.example.org',
    'postgres://me:hush-hush@db.example.org/farandole?ssl=0',
    'postgres://me:hush-hush@db.example.org/farandole?ssl=perhaps',
    'postgres://me:hush-hush@db.example.org/farandole?sslmode=no-verify',
    'postgres://me:hush-hush@db.example.org/farandole?sslmode=require&uselibpqcompat=true',
  ]) {
    assert.throws(() => wayTo(refused), { name: 'StoreError', code: 'in-clear' }, refused);
    assert.throws(() => wayTo(refused), /sslmode=verify-full/);
    assert.throws(
      () => wayTo(refused),
      (error: Error) => !error.message.includes('hush'),
    );
  }
  const noFile = 'postgres://me@db.example.org/farandole?sslmode=verify-full&sslrootcert=/none.pem';
  assert.throws(() => wayTo(noFile), { name: 'StoreError', code: 'failed' });
});

test('[ST-40] ignores environment variables that disable the database’s encryption', (t) => {
  t.after(() => delete process.env['PGHOST']);
  process.env['PGHOST'] = 'db.example.org';
  assert.throws(() => wayTo('postgres:///farandole'), { code: 'in-clear' });
});

/** Starts a fake database server that records what it receives, both unencrypted and over TLS. */
async function startDatabase(
  t: TestContext,
  answer: 'S' | 'N',
  identity: { readonly cert: string; readonly key: string },
) {
  const heard = { inClear: '', overTls: '' };
  const server = createServer((socket: Socket) => {
    socket.on('error', () => {});
    socket.once('data', (first) => {
      if (!first.equals(TLS_WANTED)) heard.inClear += first.toString('latin1');
      socket.write(answer);
      if (answer === 'N') {
        socket.on('data', (more) => (heard.inClear += more.toString('latin1')));
        return;
      }
      const secure = new TLSSocket(socket, { isServer: true, ...identity });
      secure.on('error', () => {});
      secure.on('data', (said: Buffer) => {
        heard.overTls += said.toString('latin1');
        secure.destroy();
      });
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { heard, port: (server.address() as AddressInfo).port };
}

test('[ST-40] sends no data without TLS or to a wrong or untrusted certificate', async (t) => {
  const folder = await temporaryFolder();
  t.after(folder.remove);
  const identity = selfSigned('127.0.0.1');
  const trusted = join(folder.path, 'trusted.pem');
  await writeFile(trusted, identity.cert);
  for (const [answer, host, options, isTold] of [
    ['S', '127.0.0.1', `&sslrootcert=${trusted}`, true],
    ['S', '127.0.0.1', '', false],
    ['S', 'localhost', `&sslrootcert=${trusted}`, false],
    ['N', '127.0.0.1', `&sslrootcert=${trusted}`, false],
  ] as const) {
    const { heard, port } = await startDatabase(t, answer, identity);
    const url = `postgres://me@${host}:${port}/farandole?sslmode=verify-full${options}`;
    await assert.rejects(openPostgres(url), { name: 'StoreError', code: 'failed' });
    assert.deepEqual([heard.inClear, heard.overTls.includes('farandole')], ['', isTold], url);
  }
});

test('names the cause at each address of a host that has several', () => {
  const causes = ['::1', '127.0.0.1'].map((host) => new Error(`connect ECONNREFUSED ${host}:5432`));
  const { message } = asStoreError(new AggregateError(causes));
  assert.equal(message, 'connect ECONNREFUSED ::1:5432, connect ECONNREFUSED 127.0.0.1:5432');
});
