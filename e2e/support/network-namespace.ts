import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { type RunningProgram, startProgram } from './process.ts';

/**
 * A Linux network namespace with a loopback interface. Only `wireTo` connects the namespace to
 * others. The namespace has no name or file. A process keeps it alive until the process's input
 * closes, so the kernel removes the namespace however the tests end.
 */
export class NetworkNamespace {
  readonly #holder: ChildProcess;
  readonly #pid: number;

  private constructor(holder: ChildProcess, pid: number) {
    this.#holder = holder;
    this.#pid = pid;
  }

  /** @throws Error that names the missing permission or program */
  static async make(): Promise<NetworkNamespace> {
    const [command, ...args] = [
      ...(await enterGround()),
      ...['unshare', '--net', 'sh', '-c', SET_UP],
    ];
    const { holder, pid } = await hold(command ?? '', args);
    return new NetworkNamespace(holder, pid);
  }

  /** Command prefix that runs a program in this namespace. */
  get entry(): readonly [command: string, ...args: string[]] {
    const asWho = isRoot() ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', ...asWho, '--net', '--target', String(this.#pid), '--'];
  }

  start(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram {
    const [enter, ...entryArgs] = this.entry;
    return startProgram(enter, [...entryArgs, command, ...args], { ...ENVIRONMENT, ...env });
  }

  /**
   * @returns what the command printed
   * @throws Error when the command fails
   */
  run(command: string, ...args: readonly string[]): string {
    const [enter, ...entryArgs] = this.entry;
    const all = [...entryArgs, command, ...args];
    const options = { encoding: 'utf8', env: ENVIRONMENT } as const;
    const { status, stdout, stderr, error } = spawnSync(enter, all, options);
    if (status === 0) return stdout;
    throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
  }

  /**
   * Adds an address to the loopback interface. Programs in this namespace and in namespaces with
   * a route to it can reach the address.
   */
  addAddress(address: string): void {
    const isIpv6 = address.includes(':');
    const prefix = isIpv6 ? '128' : '32';
    const atOnce = isIpv6 ? ['nodad'] : [];
    this.run('ip', 'address', 'add', `${address}/${prefix}`, 'dev', 'lo', ...atOnce);
  }

  /**
   * Adds a veth pair between two namespaces, with an address at each end, and a default route
   * through the other end.
   * @returns this end's interface
   */
  wireTo(
    other: NetworkNamespace,
    ends: readonly { readonly here: string; readonly there: string }[],
  ): string {
    const number = wires;
    wires += 1;
    const here = `here${number}`;
    const there = `there${number}`;
    const peer = ['peer', 'name', there, 'netns', String(other.#pid)];
    this.run('ip', 'link', 'add', here, 'type', 'veth', ...peer);
    for (const end of ends) {
      const isIpv6 = end.here.includes(':');
      const options = isIpv6 ? ['nodad'] : [];
      const prefix = isIpv6 ? '64' : '24';
      this.run('ip', 'address', 'add', `${end.here}/${prefix}`, 'dev', here, ...options);
      other.run('ip', 'address', 'add', `${end.there}/${prefix}`, 'dev', there, ...options);
    }
    this.run('ip', 'link', 'set', here, 'up');
    other.run('ip', 'link', 'set', there, 'up');
    for (const end of ends) this.run('ip', 'route', 'add', 'default', 'via', end.there);
    return here;
  }

  forward(): void {
    this.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv4/ip_forward');
    this.run('sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding');
  }

  /** Releases the namespace after its programs have stopped. */
  async leave(): Promise<void> {
    await release(this.#holder);
  }
}

/** The path gets root's program folders, because the path of other users lacks them. */
const ENVIRONMENT = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/**
 * Commands that turn duplicate address detection off, because a browser aborts when an address
 * changes its state.
 */
const SET_UP = [
  'echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad',
  'echo 0 > /proc/sys/net/ipv6/conf/default/dad_transmits',
  'echo 0 > /proc/sys/net/ipv6/conf/default/accept_ra',
  'ip link set lo up',
  'echo made',
  'exec cat',
].join(' && ');

let wires = 0;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Without root, all namespaces share one user namespace, because a veth pair needs privileges at
 * both ends.
 */
let ground: Promise<{ readonly holder: ChildProcess; readonly pid: number }> | null = null;

async function enterGround(): Promise<readonly string[]> {
  if (isRoot()) return [];
  ground ??= hold('unshare', ['--user', '--map-root-user', 'sh', '-c', 'echo made && exec cat']);
  const { holder, pid } = await ground;
  // The process that holds the namespace ends with this process, but doesn't keep this process
  // alive.
  holder.unref();
  for (const stream of holder.stdio) if (stream instanceof Socket) stream.unref();
  return ['nsenter', '--user', '--preserve-credentials', '--target', String(pid), '--'];
}

async function hold(
  command: string,
  args: readonly string[],
): Promise<{ readonly holder: ChildProcess; readonly pid: number }> {
  const holder = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: ENVIRONMENT });
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const made = new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('close', () => reject(new Error(complaint.trim())));
  });
  try {
    await made;
  } catch (cause) {
    throw new Error(
      'This test makes networks of its own, and could not. It needs Linux with the programs of ' +
        'scripts/system-programs.json, and either root or user namespaces for everybody ' +
        `(sysctl user.max_user_namespaces, kernel.apparmor_restrict_unprivileged_userns). ${String(cause)}`,
      { cause },
    );
  }
  if (holder.pid === undefined) throw new Error(`${command} has no process`);
  return { holder, pid: holder.pid };
}

async function release(holder: ChildProcess): Promise<void> {
  if (holder.exitCode !== null || holder.signalCode !== null) return;
  const gone = once(holder, 'exit');
  holder.stdin?.end();
  await gone;
}
