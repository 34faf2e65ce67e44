import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '@farandole/e2e/free-port';
import { Haproxy } from '@farandole/e2e/haproxy';
import { ROOT, startProgram } from '@farandole/e2e/process';

/** The proxy in front of the nodes. */
export interface Proxy {
  readonly httpsPort: number;
  /** Port without TLS, for clients that are not browsers. Its responses name the node. */
  readonly plainPort: number;
  /** Socket of haproxy's runtime API, which turns nodes on and off. */
  readonly adminSocket: string;
  readonly haproxy: Haproxy;
  stop(): Promise<void>;
}

export interface Upstream {
  readonly name: string;
  readonly port: number;
}

const CERTIFICATE_DAYS = 30;

/**
 * Starts haproxy on loopback with the shipped configuration. Only addresses differ; a second file
 * adds the runtime API and a port without TLS.
 *
 * @param httpsPort from `freePort`, because the nodes must know their origin before haproxy starts
 */
export async function startProxy(
  folder: string,
  httpsPort: number,
  upstreams: readonly Upstream[],
): Promise<Proxy> {
  const [httpPort, plainPort] = [await freePort(), await freePort()];
  const certificate = await makeCertificate(folder);
  const adminSocket = join(folder, 'haproxy.sock');
  const shipped = await readFile(join(ROOT, 'deploy', 'haproxy.cfg'), 'utf8');
  const servers = upstreams.map(({ name, port }) => `\tserver ${name} 127.0.0.1:${port}\n`);
  const config = join(folder, 'haproxy.cfg');
  await writeFile(config, shipped.replace(/(?:^\tserver .*\n)+/gm, servers.join('')));
  const additions = join(folder, 'haproxy-tests.cfg');
  await writeFile(
    additions,
    `global
	stats socket ${adminSocket} mode 600 level admin
frontend clients
	bind 127.0.0.1:${plainPort}
	http-request set-header X-Forwarded-For %[src]
	http-request set-header X-Forwarded-Proto https
	http-response set-header X-Node %s
	use_backend nodes if { nbsrv(nodes) gt 0 }
	default_backend any-nodes
`,
  );
  const program = startProgram('haproxy', ['-W', '-db', '-f', config, '-f', additions], {
    HTTP_BIND: `127.0.0.1:${httpPort}`,
    HTTPS_BIND: `127.0.0.1:${httpsPort},[::1]:${httpsPort}`,
    CERTIFICATE: certificate,
  });
  await program.printed(/Loading success/);
  return {
    httpsPort,
    plainPort,
    adminSocket,
    haproxy: new Haproxy(adminSocket),
    // haproxy ends at once on SIGTERM. On SIGUSR1 it would wait for its clients.
    stop: () => program.stop('SIGTERM'),
  };
}

/** Makes a self-signed certificate for `localhost`. @returns the file that haproxy reads */
async function makeCertificate(folder: string): Promise<string> {
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    ...['-keyout', key, '-out', certificate, '-days', String(CERTIFICATE_DAYS)],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
  ]);
  const both = join(folder, 'haproxy.pem');
  const parts = [await readFile(certificate, 'utf8'), await readFile(key, 'utf8')];
  await writeFile(both, parts.join(''), { mode: 0o600 });
  return both;
}
