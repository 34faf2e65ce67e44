import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ROOT, startProgram } from './process.ts';

export interface Caddy {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Certificate of the test's certificate authority, in PEM format. */
  readonly certificate: string;
  stop(): Promise<void>;
}

/**
 * Starts Caddy on loopback with the shipped Caddyfile. Added lines replace ports 80 and 443, the
 * public certificate and the system trust store.
 * @param httpsPort from `freePort`, because the server must know its origin before Caddy starts
 */
export async function startCaddy(httpsPort: number, upstreamPort: number): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-caddy-'));
  const config = join(folder, 'Caddyfile');
  const httpPort = await freePort();
  await writeFile(
    config,
    `{
	admin off
	debug
	skip_install_trust
	local_certs
	http_port ${httpPort}
	https_port ${httpsPort}
	storage file_system ${folder}
}
import ${join(ROOT, 'deploy', 'Caddyfile')}
`,
  );
  const program = startProgram('caddy', ['run', '--adapter', 'caddyfile', '--config', config], {
    HOME: folder,
    SITE_ADDRESS: `localhost:${httpsPort}`,
    UPSTREAM: `127.0.0.1:${upstreamPort}`,
  });
  const stop = async (): Promise<void> => {
    await program.stop('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // At this point Caddy's ports are open and the certificate exists.
    await program.printed(/serving initial configuration/);
    await program.printed(/cached_managed_cert/);
    const root = join(folder, 'pki', 'authorities', 'local', 'root.crt');
    return { httpsPort, httpPort, certificate: await readFile(root, 'utf8'), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
