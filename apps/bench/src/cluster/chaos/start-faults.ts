import { ClusterNode } from '../cluster-node.ts';
import type { Bite, FaultParts } from './faults.ts';
import { loading } from './loaded-modules.ts';

/** A node that must not start: further settings, and what it must print before it ends. */
interface Misfit {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly says: RegExp;
}

const SECRET = 'a-secret-password';
/** Nothing listens here: port 9 is that of the discard service. */
const NOWHERE = '127.0.0.1:9';

/**
 * Starts nodes that don't fit the cluster, one after the other. The unit is the number of nodes
 * that refused to start with the right reason. It is 0 unless all did.
 */
export async function startMisfits({ cluster }: FaultParts): Promise<Bite> {
  const { hostname, port, pathname } = new URL(cluster.databaseUrl);
  const database = `${hostname}:${port}${pathname}`;
  const valkey = `127.0.0.1:${cluster.valkey.port}`;
  const misfits: readonly Misfit[] = [
    {
      name: 'broken Valkey URL',
      env: { FARANDOLE_VALKEY_URL: `http://:${SECRET}@${valkey}` },
      says: /FARANDOLE_VALKEY_URL/,
    },
    {
      name: 'wrong Valkey user',
      env: { FARANDOLE_VALKEY_URL: `valkey://nobody:${SECRET}@${valkey}` },
      says: /FARANDOLE_VALKEY_URL refuses the password/,
    },
    {
      name: 'Valkey away',
      env: { FARANDOLE_VALKEY_URL: `valkey://:${SECRET}@${NOWHERE}` },
      says: /FARANDOLE_VALKEY_URL can’t be reached/,
    },
    {
      name: 'broken database URL',
      env: { FARANDOLE_DATABASE_URL: `mysql://somebody:${SECRET}@${database}` },
      says: /FARANDOLE_DATABASE_URL/,
    },
    {
      name: 'unknown database user',
      env: { FARANDOLE_DATABASE_URL: `postgres://nobody-here:${SECRET}@${database}` },
      says: /FARANDOLE_DATABASE_URL/,
    },
    {
      name: 'PostgreSQL away',
      env: { FARANDOLE_DATABASE_URL: `postgres://somebody:${SECRET}@${NOWHERE}/farandole` },
      says: /FARANDOLE_DATABASE_URL/,
    },
    {
      name: 'other database',
      env: { FARANDOLE_DATABASE_URL: await cluster.postgres.createDatabase() },
      says: /nodes of another database/,
    },
    { name: 'other keys', env: await cluster.otherKeys(), says: /another keys file/ },
    {
      name: 'other major version',
      env: { ...loading('other-build'), CHAOS_CLUSTER_VERSION: '2' },
      says: /another major version/,
    },
    {
      name: 'other date',
      env: { ...loading('movable-date'), CHAOS_DATE_OFF_MS: '30000' },
      says: /another date/,
    },
  ];
  const wrong: string[] = [];
  for (const misfit of misfits) {
    const fault = await faultOf(misfit, await cluster.freshSettings());
    if (fault !== null) wrong.push(`${misfit.name}: ${fault}`);
  }
  const target = wrong.length === 0 ? 'misfits' : wrong.join('; ');
  return { target, bitten: wrong.length === 0 ? misfits.length : 0 };
}

async function faultOf(
  { name, env, says }: Misfit,
  settings: Readonly<Record<string, string>>,
): Promise<string | null> {
  const node = new ClusterNode(name, { ...settings, ...env });
  try {
    await node.start();
    return 'it started';
  } catch {
    if (node.output.includes(SECRET)) return 'it printed a password';
    return says.test(node.output) ? null : `it printed ${JSON.stringify(node.lastOutput)}`;
  } finally {
    await node.kill();
  }
}
