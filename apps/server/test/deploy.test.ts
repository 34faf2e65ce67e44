import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { freePort } from '@farandole/e2e/free-port';
import { ask } from '@farandole/e2e/http';
import { ROOT, startProgram } from '@farandole/e2e/process';
import { isSettingName, secretOfFile } from '../src/config/settings.ts';
import { inWords, loadConfig } from '../src/config.ts';
import { readinessOf } from '../src/http/cluster-readiness.ts';
import { startTestServer, temporaryFolder } from './support/test-server.ts';

const run = promisify(execFile);
const DEPLOY = join(ROOT, 'deploy');
const PROGRAM = '/opt/farandole/current/bin/farandole';
/** Exposure of the server's unit by `systemd-analyze security`, in tenths: 100 is unprotected. */
const EXPOSURE_MAX = 20;

async function shipped(...path: readonly string[]): Promise<string> {
  return await readFile(join(DEPLOY, ...path), 'utf8');
}

/** Makes a certificate for a test. Returns the paths of the certificate and its key. */
async function makeCertificate(
  folder: string,
  name: string,
): Promise<readonly [certificate: string, key: string]> {
  await mkdir(folder, { recursive: true });
  const [certificate, key] = [join(folder, 'fullchain.pem'), join(folder, 'privkey.pem')];
  const subject = ['-subj', `/CN=${name}`, '-days', '2'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await run('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  return [certificate, key];
}

test('has units that systemd accepts and finds well protected', async (t) => {
  const folder = await temporaryFolder(t);
  const names = (await readdir(join(DEPLOY, 'systemd'))).filter((name) => name !== 'coturn.conf');
  assert.deepEqual(names.toSorted(), [
    'farandole-backup.service',
    'farandole-backup.timer',
    'farandole.service',
  ]);
  for (const name of names) {
    const text = await shipped('systemd', name);
    await writeFile(join(folder, name), text.replaceAll(PROGRAM, '/bin/true'));
  }
  const paths = names.map((name) => join(folder, name));
  const { stderr } = await run('systemd-analyze', ['verify', '--man=no', ...paths]);
  assert.equal(stderr, '');
  const server = join(folder, 'farandole.service');
  const limit = ['--offline=true', `--threshold=${EXPOSURE_MAX}`];
  const { stdout } = await run('systemd-analyze', ['security', ...limit, server]);
  assert.match(stdout, /Overall exposure level/);
});

test('makes a dated backup by the unit, then removes old ones', async (t) => {
  const folder = await temporaryFolder(t);
  const backups = join(folder, 'farandole-backups');
  const lines = await shipped('systemd', 'farandole-backup.service');
  const commandOf = (key: string): string => {
    const command = new RegExp(`^${key}=(.*)$`, 'm').exec(lines)?.[1] ?? '';
    return command
      .replaceAll(/%[%S]/g, (specifier) => (specifier === '%S' ? folder : '%'))
      .replaceAll('$$', '$')
      .replace(PROGRAM, join(folder, 'farandole'));
  };
  await writeFile(join(folder, 'farandole'), '#!/bin/sh\n[ "$1" = backup ] && mkdir "$2"\n', {
    mode: 0o755,
  });
  const old = join(backups, '2020-01-01T033000Z');
  const kept = join(backups, 'by-hand');
  for (const path of [old, kept]) await mkdir(join(path, 'inner'), { recursive: true });
  await run('touch', ['--date=20 days ago', old, kept]);
  await run('sh', ['-c', commandOf('ExecStart')]);
  await run('sh', ['-c', commandOf('ExecStartPost')]);
  const left = (await readdir(backups)).toSorted();
  assert.equal(left.length, 2, left.join(', '));
  assert.match(left[0] ?? '', /^20\d\d-\d\d-\d\dT\d{6}Z$/);
  assert.equal(left[1], basename(kept), 'a backup with another name stays');
});

test('has a Caddyfile that Caddy accepts', async () => {
  const path = join(DEPLOY, 'Caddyfile');
  await run('caddy', ['validate', '--adapter', 'caddyfile', '--config', path]);
});

/** Makes the file with certificate and key that haproxy reads. */
async function makeHaproxyCertificate(folder: string): Promise<string> {
  const [certificate, key] = await makeCertificate(folder, 'localhost');
  const both = join(folder, 'both.pem');
  await writeFile(both, `${await readFile(certificate, 'utf8')}${await readFile(key, 'utf8')}`);
  return both;
}

test('has a configuration that haproxy accepts', async (t) => {
  const certificate = await makeHaproxyCertificate(await temporaryFolder(t));
  const env = { PATH: '/usr/sbin:/usr/bin:/bin', CERTIFICATE: certificate };
  const { stderr } = await run('haproxy', ['-c', '-f', join(DEPLOY, 'haproxy.cfg')], { env });
  assert.doesNotMatch(stderr, /ALERT|WARNING/);
});

/** Starts a server that answers `/readyz` as a node does, and other requests with its name. */
async function startFakeNode(t: TestContext, name: string, readyz: () => string): Promise<number> {
  const server = createServer(({ url }, response) => {
    const body = url === '/readyz' ? readyz() : name;
    response.writeHead(body === 'draining\n' ? 503 : 200).end(body);
  });
  t.after(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('sends users only to nodes that reach Valkey and the store, if there are any', async (t) => {
  const folder = await temporaryFolder(t);
  const bodies = ['ok\n', 'ok\n', 'ok\n'];
  const nodes = await Promise.all(
    bodies.map(async (_, at) => await startFakeNode(t, `node${at}`, () => bodies[at] ?? '')),
  );
  const servers = nodes.map((port, at) => `\tserver node${at} 127.0.0.1:${port}\n`).join('');
  const config = (await shipped('haproxy.cfg'))
    .replaceAll(/(?:^\tserver .*\n)+/gm, servers)
    .replaceAll('inter 1s', 'inter 50ms');
  const file = join(folder, 'haproxy.cfg');
  await writeFile(file, config);
  const port = await freePort();
  const certificate = await makeHaproxyCertificate(folder);
  const haproxy = startProgram('haproxy', ['-W', '-db', '-f', file], {
    HTTP_BIND: `127.0.0.1:${await freePort()}`,
    HTTPS_BIND: `127.0.0.1:${port}`,
    CERTIFICATE: certificate,
  });
  t.after(() => haproxy.stop('SIGTERM'));
  await haproxy.printed(/Loading success/);
  const authority = await readFile(join(folder, 'fullchain.pem'), 'utf8');
  /** Returns the nodes that answer the next requests, in their order. */
  const answering = async (): Promise<string> => {
    const replies = Array.from({ length: 6 }, async () => {
      const { status, text } = await ask({ port, certificate: authority });
      return status === 200 ? text() : `${status}`;
    });
    return [...new Set(await Promise.all(replies))].toSorted().join(' ');
  };
  const until = async (expected: string): Promise<void> => {
    const endsAtMs = performance.now() + 20_000;
    let found = '';
    while (found !== expected) {
      assert.ok(performance.now() < endsAtMs, `${found} answer, not ${expected}`);
      found = await answering();
    }
  };
  await until('node0 node1 node2');
  const away = `ok\n${readinessOf('away')?.line}`;
  bodies[0] = away;
  bodies[1] = 'ok\n1 sealed case, nobody here may open it\n';
  await until('node1 node2');
  bodies[2] = 'ok, but the store fails\n';
  await until('node1');
  bodies[1] = 'draining\n';
  await until('node0 node2');
  bodies.fill(away);
  await until('node0 node1 node2');
});

test('has configurations of Prometheus that promtool accepts', async (t) => {
  const folder = await temporaryFolder(t);
  const rules = await shipped('prometheus-rules.yml');
  await mkdir(join(folder, 'farandole'));
  for (const path of ['prometheus-rules.yml', 'farandole/prometheus-rules.yml']) {
    await writeFile(join(folder, path), rules);
  }
  await copyFile(join(DEPLOY, 'prometheus.yml'), join(folder, 'one.yml'));
  const token = join(folder, 'token');
  await writeFile(token, 'a-token-of-this-test-alone');
  const composed = await shipped('compose', 'prometheus.yml');
  assert.match(composed, /\/run\/secrets\/metrics/);
  await writeFile(join(folder, 'two.yml'), composed.replace('/run/secrets/metrics', token));
  for (const name of ['one.yml', 'two.yml']) {
    await run('promtool', ['check', 'config', join(folder, name)]);
  }
});

test('has alerts that fire in trouble, and not on a good day', async () => {
  const fixtures = join(import.meta.dirname, 'fixtures');
  const files = ['prometheus-rules-tests.yml', 'prometheus-rules-days.yml'];
  const tested = await Promise.all(files.map((name) => readFile(join(fixtures, name), 'utf8')));
  await run('promtool', ['test', 'rules', ...files.map((name) => join(fixtures, name))]);
  const rules = await shipped('prometheus-rules.yml');
  const alerts = Array.from(rules.matchAll(/- alert: (\w+)/g), ([, name = '']) => name);
  assert.equal(alerts.length, 17);
  for (const name of alerts) {
    assert.match(tested.join(''), new RegExp(`alertname: ${name}, exp_alerts: \\[\\]`));
    assert.match(tested.join(''), new RegExp(`alertname: ${name}\n +exp_alerts:\n +- exp_labels`));
  }
});

/** Matches the names of metrics in text or PromQL. */
const NAMES = /\b(?:farandole|process|nodejs)_\w+/g;

/** Returns the type of each metric that a server with a relay exposes. */
async function exposedMetrics(t: TestContext): Promise<ReadonlyMap<string, string>> {
  const env = {
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_TURN_URLS: 'turn:127.0.0.1:9?transport=tcp',
    FARANDOLE_TURN_SECRET: 'a-secret-of-this-test-alone',
    FARANDOLE_RELAY: 'fallback',
  };
  const { metricsPort } = await startTestServer(t, { env });
  const text = (await ask({ port: metricsPort ?? 0, path: '/metrics' })).text();
  const types = text.matchAll(/^# TYPE (\S+) (\S+)$/gm);
  return new Map(Array.from(types, ([, name = '', type = '']) => [name, type]));
}

test('names only existing metrics in the Grafana dashboard and the alerts', async (t) => {
  const exposed = new Set(
    Array.from(await exposedMetrics(t)).flatMap(([name, type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`] : [name],
    ),
  );
  const ofNodes = await readFile(join(ROOT, 'apps/server/src/observe/metrics.ts'), 'utf8');
  const { panels } = JSON.parse(await shipped('grafana', 'dashboard.json')) as {
    readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  };
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  assert.ok(queries.length > 40);
  const rules = await shipped('prometheus-rules.yml');
  const alerts = Array.from(rules.matchAll(/^ +expr: (.*)$/gm), ([, expr = '']) => expr);
  assert.equal(alerts.length, 17);
  for (const expr of [...queries, ...alerts]) {
    const names = expr.match(NAMES) ?? [];
    assert.ok(names.length > 0 || expr.startsWith('up{'), expr);
    for (const name of names) {
      // Several nodes have further metrics, which this server doesn't serve.
      assert.ok(exposed.has(name) || ofNodes.includes(`'${name}'`), name);
    }
  }
});

test('lists exactly the exposed metrics in docs/metrics.md', async (t) => {
  const exposed = await exposedMetrics(t);
  const ofNodes = await readFile(join(ROOT, 'apps/server/src/observe/metrics.ts'), 'utf8');
  const listed = new Set((await readFile(join(ROOT, 'docs/metrics.md'), 'utf8')).match(NAMES));
  for (const name of listed) {
    assert.ok(exposed.has(name) || ofNodes.includes(`'${name}'`), name);
  }
  for (const name of exposed.keys()) {
    assert.ok(listed.has(name) || !name.startsWith('farandole_'), name);
  }
});

test('serves metrics that promtool finds well named', async (t) => {
  const env = { FARANDOLE_METRICS_PORT: '0' };
  const { metricsPort } = await startTestServer(t, { env });
  const text = (await ask({ port: metricsPort ?? 0, path: '/metrics' })).text();
  // Its linter calls each metric of prom-client for Node.js that has no unit a fault.
  const own = text.replaceAll(/^(?:# \w+ )?(?:nodejs|process)_.*\n/gm, '');
  const child = run('promtool', ['check', 'metrics']);
  child.child.stdin?.end(own);
  assert.deepEqual(await child, { stdout: '', stderr: '' });
});

test('accepts the example settings', async (t) => {
  const folder = await temporaryFolder(t);
  const secret = join(folder, 'TURN_SECRET');
  await writeFile(secret, createHash('sha256').update('test').digest('hex'));
  const file = join(folder, 'settings.json');
  const text = await shipped('settings.json');
  await writeFile(file, text.replace('/etc/farandole/secrets/TURN_SECRET', secret));
  const loaded = loadConfig({}, file);
  assert.ok(loaded.ok, loaded.ok ? '' : inWords(loaded.problems));
});

test('names only existing settings, secrets and files in compose', async () => {
  const text = await shipped('compose', 'compose.yml');
  const settings = Array.from(text.matchAll(/^ {6}((?:FARANDOLE_\w+)|PORT|HOST):/gm));
  assert.ok(settings.length > 8);
  for (const [, name = ''] of settings) {
    assert.ok(isSettingName(name) || secretOfFile(name) !== null, name);
  }
  const [, declared = ''] = /^secrets:\n((?: {2}.*\n)+)/m.exec(text) ?? [];
  for (const [, list = ''] of text.matchAll(/^ {4}secrets: \[(.*)\]$/gm)) {
    for (const name of list.split(', ')) assert.match(declared, new RegExp(`^ {2}${name}:`, 'm'));
  }
  const mounts = Array.from(text.matchAll(/[ "](\.[./\w-]*\/[\w.-]+):\//g));
  assert.ok(mounts.length >= 7);
  for (const [, path = ''] of mounts) await readFile(join(DEPLOY, 'compose', path));
});

test('marks each file that no test runs', async () => {
  const unrun = ['Containerfile', 'compose/compose.yml', 'grafana/datasource.yml'];
  for (const path of [...unrun, 'grafana/dashboards.yml', 'grafana/dashboard.json']) {
    const text = (await shipped(path)).replaceAll(/\n#\s*/g, ' ');
    assert.match(text, /no test runs|Not run by a test/, path);
  }
});

async function certificateAt(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  return await new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      resolve(socket.getPeerX509Certificate()?.subject ?? '');
      socket.destroy();
    });
  });
}

/** Replaces `systemctl kill`, because no systemd runs in a test. */
async function fakeSystemctl(t: TestContext, pid: number): Promise<string> {
  const folder = await temporaryFolder(t);
  const script = `#!/bin/sh\n[ "$1 $2 $3" = "kill --signal=SIGUSR2 coturn" ] && kill -USR2 ${pid}\n`;
  await writeFile(join(folder, 'systemctl'), script, { mode: 0o755 });
  return folder;
}

test('serves a renewed certificate after the hook of certbot', async (t) => {
  const folder = await temporaryFolder(t);
  const live = join(folder, 'coturn');
  const [certificate, key] = await makeCertificate(live, 'before.example.org');
  const port = await freePort();
  const files = [`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'turn.db')}`];
  const coturn = startProgram('turnserver', [
    ...['-c', join(DEPLOY, 'turnserver.conf'), '--static-auth-secret=a-secret-of-this-test'],
    ...[
      '--listening-ip=127.0.0.1',
      '--relay-ip=127.0.0.1',
      '--listening-port',
      `${await freePort()}`,
    ],
    ...[`--tls-listening-port=${port}`, `--cert=${certificate}`, `--pkey=${key}`, ...files],
  ]);
  t.after(() => coturn.stop('SIGKILL'));
  const until = async (name: string): Promise<void> => {
    for (;;) {
      assert.ok(!coturn.hasEnded(), coturn.output());
      if ((await certificateAt(port).catch(() => '')) === `CN=${name}`) return;
    }
  };
  await until('before.example.org');
  const renewed = join(folder, 'renewed');
  const [after] = await makeCertificate(renewed, 'after.example.org');
  const group = (await run('id', ['--group', '--name'])).stdout.trim();
  await run(join(DEPLOY, 'coturn-certificate.sh'), [], {
    env: {
      PATH: `${await fakeSystemctl(t, coturn.pid)}:/usr/bin:/bin`,
      RENEWED_LINEAGE: renewed,
      COTURN_FOLDER: live,
      COTURN_GROUP: group,
    },
  });
  await until('after.example.org');
  assert.equal(new X509Certificate(await readFile(after)).subject, 'CN=after.example.org');
});
