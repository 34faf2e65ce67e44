import type { Config } from '../config.ts';
import { StartError } from '../start-error.ts';
import type { Finding } from './finding.ts';

/** Connects to Valkey as a node does at its start. Returns nothing for a server with one node. */
export async function examineValkey({
  valkey,
}: Pick<Config, 'valkey'>): Promise<readonly Finding[]> {
  if (valkey === null) return [];
  const about = 'valkey';
  // The driver is imported only here, because a server with one node needs none.
  const { connect } = await import('../compose/cluster.ts');
  try {
    (await connect(valkey)).close();
    return [{ about, is: 'ok', says: 'Valkey answers and accepts the password' }];
  } catch (error) {
    if (error instanceof StartError) return [{ about, is: 'fail', says: error.message }];
    throw error;
  }
}
