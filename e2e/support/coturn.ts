import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { startProgram } from './process.ts';

export interface Coturn {
  readonly url: string;
  readonly secret: string;
  output(): string;
  /** Resolves with the first match in the output, which coturn may print after its answer. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

/**
 * Starts a real coturn on loopback with credentials and allowed peers as in production. The option
 * `allow-loopback-peers` must not be used outside tests.
 *
 * @param options further options of coturn, for example its quotas
 */
export async function startCoturn(options: readonly string[] = []): Promise<Coturn> {
  const folder = await mkdtemp(join(tmpdir(), 'farandole-turn-'));
  const port = await freePort();
  const secret = 'a-secret-of-this-story-alone';
  const program = startProgram('turnserver', [
    '-n',
    '--listening-ip=127.0.0.1',
    '--relay-ip=127.0.0.1',
    `--listening-port=${port}`,
    '--use-auth-secret',
    `--static-auth-secret=${secret}`,
    '--realm=farandole',
    '--allow-loopback-peers',
    '--allowed-peer-ip=127.0.0.1',
    '--denied-peer-ip=0.0.0.0-255.255.255.255',
    `--denied-peer-ip=::-${'ffff:'.repeat(7)}ffff`,
    '--no-cli',
    '--no-tls',
    '--no-dtls',
    '--no-multicast-peers',
    '--log-file=stdout',
    '--simple-log',
    '--verbose',
    `--pidfile=${join(folder, 'turn.pid')}`,
    `--userdb=${join(folder, 'turn.db')}`,
    ...options,
  ]);
  await program.printed(/TCP listener opened/);
  await program.printed(/UDP listener opened/);
  return {
    url: `turn:127.0.0.1:${port}?transport=udp`,
    secret,
    output: () => program.output(),
    printed: (pattern) => program.printed(pattern),
    stop: async () => {
      await program.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
