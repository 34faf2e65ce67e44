import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, CAMERA_FPS, CHROMIUM, launchBrowser } from './browser.ts';
import { NetworkNamespace } from './network-namespace.ts';
import { ROOT, type RunningProgram } from './process.ts';
import { type ShippedCoturn, startShippedCoturn } from './shipped-coturn.ts';

export const NODE_ADDRESS = '45.110.77.40';
const SITE = 'meet.test';
export const SITE_ORIGIN = `https://${SITE}`;

/** A user's home network, with a unique IPv4 and a unique IPv6 address. */
export interface Home {
  readonly place: NetworkNamespace;
  readonly address: string;
  readonly ipv6: string;
  /** Address of the next hop, which answers for unreachable addresses. */
  readonly router: string;
  /** Network interface of the home's only route out. */
  readonly wire: string;
  openBrowser(): Promise<Browser>;
  /** Captures packets on the home's link, or on all interfaces if `wire` is `any`. */
  capture(wire?: 'any'): Promise<Capture>;
}

export interface Capture {
  /** File with the packets captured so far. Each packet is written to the file at once. */
  readonly file: string;
  /**
   * Stops the capture.
   * @returns the capture's file, which is deleted when the simulated internet closes
   */
  stop(): Promise<string>;
}

/**
 * An isolated, simulated internet. In its middle run a node behind Caddy and a coturn, both with
 * the shipped files. Homes reach each other only through the middle.
 */
export class SmallInternet {
  readonly middle: NetworkNamespace;
  readonly #folder: string;
  readonly #homes: NetworkNamespace[] = [];
  readonly #browsers: Browser[] = [];
  readonly #programs: RunningProgram[] = [];
  #coturn: ShippedCoturn | null = null;
  #node: RunningProgram | null = null;
  #captures = 0;
  #doors = 0;

  private constructor(middle: NetworkNamespace, folder: string) {
    this.middle = middle;
    this.#folder = folder;
  }

  /** @param env extra settings of the node */
  static async open(env: NodeJS.ProcessEnv = {}): Promise<SmallInternet> {
    const middle = await NetworkNamespace.make();
    const internet = new SmallInternet(middle, await mkdtemp(join(tmpdir(), 'farandole-net-')));
    try {
      middle.forward();
      middle.addAddress(NODE_ADDRESS);
      await internet.#startServices(env);
      return internet;
    } catch (error) {
      await internet.close();
      throw error;
    }
  }

  async restartNode(env: NodeJS.ProcessEnv): Promise<void> {
    await this.#node?.stop('SIGKILL');
    await this.#startNode(env);
  }

  async #startServices(env: NodeJS.ProcessEnv): Promise<void> {
    this.#coturn = await startShippedCoturn(this.middle, { address: NODE_ADDRESS });
    await this.#startNode(env);
    await this.#startCaddy();
  }

  async #startNode(env: NodeJS.ProcessEnv): Promise<void> {
    const node = this.middle.start(process.execPath, [join(ROOT, 'apps/server/src/main.ts')], {
      PORT: '8080',
      HOST: '127.0.0.1',
      FARANDOLE_DATA_DIR: join(this.#folder, 'data'),
      FARANDOLE_ORIGINS: SITE_ORIGIN,
      FARANDOLE_TRUSTED_PROXIES: '127.0.0.1',
      FARANDOLE_AGE_REQUIRED: 'declared',
      // Stories send requests for tickets from the pages.
      FARANDOLE_PROOF_MS: '0',
      FARANDOLE_TURN_URLS: `turn:${NODE_ADDRESS}:3478?transport=udp`,
      FARANDOLE_TURN_SECRET: this.#coturn?.secret,
      ...env,
    });
    this.#node = node;
    this.#programs.push(node);
    await node.printed(/Farandole is at/);
  }

  async #startCaddy(): Promise<void> {
    const config = join(this.#folder, 'Caddyfile');
    const shipped = join(ROOT, 'deploy', 'Caddyfile');
    const storage = join(this.#folder, 'caddy');
    await writeFile(
      config,
      `{
	admin off
	debug
	skip_install_trust
	local_certs
	storage file_system ${storage}
}
import ${shipped}
`,
    );
    const args = ['run', '--adapter', 'caddyfile', '--config', config];
    const caddy = this.middle.start('caddy', args, {
      HOME: this.#folder,
      SITE_ADDRESS: SITE,
      UPSTREAM: '127.0.0.1:8080',
    });
    this.#programs.push(caddy);
    await caddy.printed(/serving initial configuration/);
    await caddy.printed(/cached_managed_cert/);
  }

  async home(): Promise<Home> {
    const place = await NetworkNamespace.make();
    this.#homes.push(place);
    const number = this.#homes.length;
    const network = `45.${110 + number}.77`;
    const router = `${network}.1`;
    const address = `${network}.${10 * number + 3}`;
    const ipv6 = `2a00:${110 + number}::77:${10 * number + 3}`;
    const wire = place.wireTo(this.middle, [
      { here: address, there: router },
      { here: ipv6, there: `2a00:${110 + number}::1` },
    ]);
    const executable = await this.#writeEntry(place, number);
    return {
      place,
      address,
      ipv6,
      router,
      wire,
      openBrowser: async () => {
        const browser = await launchBrowser({
          executable,
          cameraFps: CAMERA_FPS,
          args: [
            `--host-resolver-rules=MAP ${SITE} ${NODE_ADDRESS}`,
            '--ignore-certificate-errors',
          ],
        });
        this.#browsers.push(browser);
        return browser;
      },
      capture: async (which) => {
        const file = join(this.#folder, `capture-${this.#captures++}.pcap`);
        return await this.#capture(place, which ?? wire, file);
      },
    };
  }

  giveAddress({ place, address: via, ipv6 }: Home, address: string): void {
    place.addAddress(address);
    this.middle.run('ip', 'route', 'add', address, 'via', address.includes(':') ? ipv6 : via);
  }

  async listenAt(
    place: NetworkNamespace,
    addresses: readonly string[],
    ports: readonly number[],
  ): Promise<RunningProgram> {
    const program = join(ROOT, 'e2e', 'audit', 'honeyport.ts');
    return await this.#startAudit(place, /listening at/, [
      program,
      ...addresses,
      '--',
      ...ports.map(String),
    ]);
  }

  /** Opens a Unix socket that connects to the node from inside a home network. */
  async doorIn({ place }: Home): Promise<string> {
    const file = join(this.#folder, `door-${this.#doors++}`);
    const program = join(ROOT, 'e2e', 'audit', 'place-door.ts');
    await this.#startAudit(place, /open/, [program, file, NODE_ADDRESS, '443']);
    return file;
  }

  async #startAudit(
    place: NetworkNamespace,
    isReady: RegExp,
    args: readonly string[],
  ): Promise<RunningProgram> {
    const program = place.start(process.execPath, args);
    this.#programs.push(program);
    await program.printed(isReady);
    return program;
  }

  async #writeEntry(place: NetworkNamespace, number: number): Promise<string> {
    const file = join(this.#folder, `browser-${number}.sh`);
    const command = place.entry.map((part) => `'${part}'`).join(' ');
    await writeFile(file, `#!/bin/sh\nexec ${command} '${CHROMIUM}' "$@"\n`, { mode: 0o755 });
    return file;
  }

  async #capture(place: NetworkNamespace, wire: string, file: string): Promise<Capture> {
    // tcpdump runs as root, because its own user has no permission to write here.
    const options = ['-Z', 'root', '-n', '-s', '0', '-B', '16384', '-U'];
    const program = place.start('tcpdump', [...options, '-i', wire, '-w', file]);
    this.#programs.push(program);
    await program.printed(/listening on/);
    return {
      file,
      stop: async () => {
        await program.stop('SIGINT');
        const [, dropped] = /(\d+) packets? dropped by kernel/.exec(program.output()) ?? [];
        if (dropped !== '0') throw new Error(`a capture lost packets: ${program.output()}`);
        return file;
      },
    };
  }

  /** Closes all parts of the simulated internet, also after a setup that failed midway. */
  async close(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    for (const program of this.#programs.toReversed()) await program.stop('SIGKILL');
    await this.#coturn?.stop();
    for (const place of [...this.#homes, this.middle]) await place.leave();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
