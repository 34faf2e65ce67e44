import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, CAMERA_FPS, CHROMIUM, launchBrowser } from './browser.ts';
import { Place } from './place.ts';
import { ROOT, type RunningProgram } from './process.ts';
import { type ShippedCoturn, startShippedCoturn } from './shipped-coturn.ts';

/** Where the node, its relay and its TLS proxy are, for everybody on this internet. */
export const NODE_ADDRESS = '45.110.77.40';
const SITE = 'meet.test';
export const SITE_ORIGIN = `https://${SITE}`;

/** A network of one person, with one address of each family that nobody else has. */
export interface Home {
  readonly place: Place;
  readonly address: string;
  readonly ipv6: string;
  /** The address of the middle on the way there, which answers what leads nowhere. */
  readonly router: string;
  /** The name of its only way out. */
  readonly wire: string;
  /** A browser in it. */
  openBrowser(): Promise<Browser>;
  /** From now on keeps every packet that passes its way out, or, with `any`, that is in it. */
  capture(wire?: 'any'): Promise<Capture>;
}

export interface Capture {
  /** It holds what was seen so far, each packet as soon as it went by. */
  readonly file: string;
  /** Ends it. @returns the file, which is there until the internet is taken away */
  stop(): Promise<string>;
}

/**
 * An internet on this machine with nobody else on it: in its middle a node behind Caddy and a
 * coturn, by the files that we ship, and around it homes whose packets reach each other only
 * through the middle.
 */
export class SmallInternet {
  readonly middle: Place;
  readonly #folder: string;
  readonly #homes: Place[] = [];
  readonly #browsers: Browser[] = [];
  readonly #programs: RunningProgram[] = [];
  #coturn: ShippedCoturn | null = null;
  #node: RunningProgram | null = null;
  #captures = 0;
  #doors = 0;

  private constructor(middle: Place, folder: string) {
    this.middle = middle;
    this.#folder = folder;
  }

  /** @param env settings of the node beside those that say where it is */
  static async open(env: NodeJS.ProcessEnv = {}): Promise<SmallInternet> {
    const middle = await Place.make();
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

  /** Ends the node as a crash does, and starts another on the same data, with these settings. */
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

  /** One more home. */
  async home(): Promise<Home> {
    const place = await Place.make();
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

  /** One more address for a home, to which the middle knows the way. */
  giveAddress({ place, address: via, ipv6 }: Home, address: string): void {
    place.addAddress(address);
    this.middle.run('ip', 'route', 'add', address, 'via', address.includes(':') ? ipv6 : via);
  }

  /** Somebody who listens in a place, by UDP and TCP, and prints what they hear. */
  async listenAt(
    place: Place,
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

  /** A socket file by which a program out here reaches the node as somebody of that home. */
  async doorIn({ place }: Home): Promise<string> {
    const file = join(this.#folder, `door-${this.#doors++}`);
    const program = join(ROOT, 'e2e', 'audit', 'place-door.ts');
    await this.#startAudit(place, /open/, [program, file, NODE_ADDRESS, '443']);
    return file;
  }

  async #startAudit(
    place: Place,
    isReady: RegExp,
    args: readonly string[],
  ): Promise<RunningProgram> {
    const program = place.start(process.execPath, args);
    this.#programs.push(program);
    await program.printed(isReady);
    return program;
  }

  /** A program that is the browser, in that home. */
  async #writeEntry(place: Place, number: number): Promise<string> {
    const file = join(this.#folder, `browser-${number}.sh`);
    const command = place.entry.map((part) => `'${part}'`).join(' ');
    await writeFile(file, `#!/bin/sh\nexec ${command} '${CHROMIUM}' "$@"\n`, { mode: 0o755 });
    return file;
  }

  async #capture(place: Place, wire: string, file: string): Promise<Capture> {
    // As itself: it would become another user, who may not write here.
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

  /** Takes everything away. Harmless when half of it was never there. */
  async close(): Promise<void> {
    for (const browser of this.#browsers) await browser.close();
    for (const program of this.#programs.toReversed()) await program.stop('SIGKILL');
    await this.#coturn?.stop();
    for (const place of [...this.#homes, this.middle]) await place.leave();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
