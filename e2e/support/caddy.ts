import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { ROOT, startProgram } from './process.ts';

export interface Caddy {
  stop(): Promise<void>;
}

/**
 * A real Caddy on loopback with the Caddyfile that we ship. What stands around that file is what a
 * test cannot have: the ports 80 and 443, and a certificate that browsers know.
 *
 * @param httpsPort free, as `freePort` finds it: the node behind must know its origin beforehand
 */
export async function startCaddy(httpsPort: number, upstreamPort: number): Promise<Caddy> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-caddy-'));
  const config = join(folder, 'Caddyfile');
  await writeFile(
    config,
    `{
	admin off
	debug
	skip_install_trust
	local_certs
	http_port ${await freePort()}
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
  // Its ports are open, and it has a certificate to show.
  await program.printed(/serving initial configuration/);
  await program.printed(/cached_managed_cert/);
  return {
    stop: async () => {
      await program.stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}
