import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { startValkey } from '@farandole/cluster/test/valkey-server';
import { parseValkeyUrl } from '@farandole/cluster/valkey/location';
import { startPostgres } from '@farandole/storage/test/postgres';
import { examineAddresses } from '../src/cli/address-check.ts';
import { examineValkey } from '../src/cli/valkey-check.ts';
import { systemClock } from '../src/node/system-clock.ts';
import { CommandLine } from './support/command-line.ts';
import { startMain } from './support/main-process.ts';
import { startSite } from './support/site.ts';
import { builtPage, temporaryFolder } from './support/test-server.ts';

const run = promisify(execFile);
const DAY_MS = 24 * 60 * 60_000;

const postgres = await startPostgres();
after(() => postgres.stop());

async function addressSays(origin: string, ca?: string, nowMs?: number): Promise<string> {
  const config = { origins: [origin] };
  const [finding] = await examineAddresses(config, nowMs ?? systemClock.wallMs(), ca);
  return `${finding?.is} ${finding?.says}`;
}

/** Starts an HTTPS server with a new certificate. Returns the address and the certificate. */
async function startHttps(
  t: TestContext,
  days: number,
  body: string,
): Promise<{ readonly origin: string; readonly ca: string }> {
  const folder = await temporaryFolder(t);
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', key, '-out', certificate, '-days', String(days)];
  await run('openssl', ['req', ...kind, ...name, ...files]);
  const ca = await readFile(certificate, 'utf8');
  const server = createServer({ cert: ca, key: await readFile(key) }, (_request, response) => {
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { origin: `https://localhost:${(server.address() as AddressInfo).port}`, ca };
}

test('`doctor` finds the page behind Caddy, and who may not trust it', async (t) => {
  const { origin, certificate } = await startSite(t);
  assert.match(await addressSays(origin, certificate), /^(?:ok|warn) \S+ answers, .*valid for/);
  assert.match(await addressSays(origin), /^fail browsers refuse the certificate/);
});

test('`doctor` says how long the certificate is valid', async (t) => {
  const { origin, ca } = await startHttps(t, 90, 'ok\n');
  assert.match(await addressSays(origin, ca), /^ok \S+ answers, .*valid for (?:89|90) days$/);
  const later = systemClock.wallMs() + 80 * DAY_MS;
  assert.match(await addressSays(origin, ca, later), /^warn .*(?:9|10) days: check its renewal$/);
  const byAddress = origin.replace('localhost', '127.0.0.1');
  assert.match(await addressSays(byAddress, ca), /^fail .*\(ERR_TLS_CERT_ALTNAME_INVALID\)/);
});

test('`doctor` tells another program from Farandole, and a closed port', async (t) => {
  const { origin, ca } = await startHttps(t, 90, 'another page');
  assert.match(await addressSays(origin, ca), /^fail .*not as a Farandole server/);
  assert.match(await addressSays('https://localhost:1'), /^warn .*\(ECONNREFUSED\)/);
  assert.match(await addressSays('https://no-such-name.invalid'), /^warn .*\(E[A-Z_]+\)/);
  const local = await examineAddresses({ origins: null }, 0);
  assert.deepEqual([local.length, local[0]?.is], [1, 'ok']);
});

test('`doctor` compares the open files of the running server with its connections', async (t) => {
  const dataDir = join(await temporaryFolder(t), 'data');
  const env = { PORT: '0', FARANDOLE_DATA_DIR: dataDir, FARANDOLE_CONNECTIONS_MAX: '100' };
  const limited = ['prlimit', '--nofile=1024:1024'];
  const program = startMain(t, ['--pages', await builtPage(t)], env, limited);
  await program.printed(/^Farandole is at/m);
  const many = new CommandLine(dataDir, { FARANDOLE_CONNECTIONS_MAX: '1000' });
  assert.match(
    await many.refuses('doctor'),
    /^fail +openfiles +the running server may open 1024 files, too few .*LimitNOFILE=1500/m,
  );
  const few = new CommandLine(dataDir, { FARANDOLE_CONNECTIONS_MAX: '100' });
  assert.match(await few.says('doctor'), /^ok +openfiles +the running server may open 1024/m);
  program.child.kill('SIGTERM');
  await program.ended;
  assert.match(await few.says('doctor'), /^ok +openfiles +a process started here may open/m);
});

test('`doctor` connects to Valkey as a node does', async (t) => {
  const valkey = await startValkey({ password: 'a-password' });
  t.after(() => valkey.stop());
  const saysOf = async (url: string): Promise<string> => {
    const parsed = parseValkeyUrl(url);
    const [finding] = await examineValkey({ valkey: parsed.ok ? parsed.value : null });
    return `${finding?.is} ${finding?.says}`;
  };
  assert.match(await saysOf(valkey.url), /^ok /);
  assert.match(await saysOf(valkey.url.replace('a-pass', 'no-pass')), /^fail .*the password/);
  assert.match(await saysOf('valkey://127.0.0.1:9'), /^fail .*Start it, or correct the address/);
  assert.deepEqual(await examineValkey({ valkey: null }), []);
});

test('`doctor` warns of a superuser and fails for a role without tables', async (t) => {
  const dataDir = await temporaryFolder(t);
  const superuser = await postgres.createMigrated();
  const line = (url: string) => new CommandLine(dataDir, { FARANDOLE_DATABASE_URL: url });
  await line(superuser).says('keys', 'init');
  await line(superuser).says('user', 'list');
  assert.match((await line(superuser).run('doctor')).said, /^warn +role .*superuser/m);

  const name = 'without_tables';
  await postgres.query(
    superuser,
    `create role ${name} login;
     grant all on all tables in schema public to ${name};
     grant all on all sequences in schema public to ${name}`,
  );
  const asRole = line(superuser.replace('postgres@', `${name}@`));
  assert.match(await asRole.refuses('doctor'), /^fail +role .*can’t create tables/m);
  await postgres.query(superuser, `grant create on schema public to ${name}`);
  assert.match((await asRole.run('doctor')).said, /^ok +role .*isn’t a superuser/m);
});
