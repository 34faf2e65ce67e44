import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { TestContext } from 'node:test';
import { freePort } from '@farandole/e2e/free-port';
import { temporaryFolder } from './test-server.ts';

const SHIPPED = join(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'Caddyfile');

export interface Caddy {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** Of the authority that signed its certificate. */
  readonly certificate: string;
}

/**
 * A real Caddy with the Caddyfile that we ship, for a site on `localhost`. What is added around the
 * file is what a test cannot have: the ports 80 and 443, a public certificate, a place in the
 * machine's own lists.
 *
 * @param httpsPort free, as `freePort` finds it: the server behind must know its origin beforehand
 */
export async function startCaddy(
  t: TestContext,
  httpsPort: number,
  upstreamPort: number,
): Promise<Caddy> {
  const folder = await temporaryFolder(t);
  const httpPort = await freePort();
  const config = join(folder, 'Caddyfile');
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
import ${SHIPPED}
`,
  );
  const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', config], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      HOME: folder,
      SITE_ADDRESS: `localhost:${httpsPort}`,
      UPSTREAM: `127.0.0.1:${upstreamPort}`,
    },
  });
  const exited = once(caddy, 'exit');
  t.after(async () => {
    caddy.kill('SIGKILL');
    await exited;
  });
  await hasStarted(caddy.stderr);
  const root = join(folder, 'pki', 'authorities', 'local', 'root.crt');
  return { httpsPort, httpPort, certificate: await readFile(root, 'utf8') };
}

/** What it says, with `debug`, once its ports are open, and once it can show its certificate. */
const SIGNS = ['serving initial configuration', 'cached_managed_cert'];

/** Goes on reading afterwards, since a program that nobody listens to comes to a halt. */
async function hasStarted(output: Readable): Promise<void> {
  let said = '';
  output.setEncoding('utf8');
  await new Promise<void>((resolve, reject) => {
    output.on('data', (chunk: string) => {
      said += chunk;
      if (SIGNS.every((sign) => said.includes(sign))) resolve();
    });
    output.on('end', () => reject(new Error(`Caddy did not start:\n${said}`)));
  });
}
