import type { ValkeyLocation } from './location.ts';
import { PREFIX } from './valkey-broker.ts';
import { ValkeyWire } from './wire.ts';

/** Why Valkey can't be used from the start. */
export type ConnectProblem = 'unreachable' | 'password' | 'too-old' | 'refused';

export class ConnectError extends Error {
  override readonly name = 'ConnectError';
  readonly problem: ConnectProblem;

  /** @param message the server's or the system's reason, which contains no secret */
  constructor(problem: ConnectProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** Oldest version of Redis with everything that the scripts need. Valkey reports one as well. */
const REDIS_MIN = 7;
const REDIS_VERSION = /^redis_version:([0-9]+)\.([0-9.]+)/m;
const SIGN_IN = /^(?:NOAUTH|WRONGPASS|ERR AUTH|ERR Client sent AUTH|ERR invalid password)/;
const REFUSAL = /^(?:NOPERM|ERR|MISCONF|READONLY|OOM)/;

/** Opens the connections to Valkey. @throws ConnectError */
export async function connectValkey(location: ValkeyLocation): Promise<ValkeyWire> {
  const wire = new ValkeyWire(location);
  try {
    await wire.open();
    const version = REDIS_VERSION.exec(await wire.info('server'));
    if (version === null || Number(version[1]) < REDIS_MIN) {
      const found = version === null ? 'unknown' : `${version[1]}.${version[2]}`;
      throw new ConnectError('too-old', `its version is ${found}`);
    }
    await wire.checkRights(`${PREFIX}rights:`);
    return wire;
  } catch (error) {
    wire.close();
    if (error instanceof ConnectError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (SIGN_IN.test(reason)) throw new ConnectError('password', reason);
    if (REFUSAL.test(reason)) throw new ConnectError('refused', reason);
    throw new ConnectError('unreachable', location.isTls ? `${reason}, with TLS` : reason);
  }
}
