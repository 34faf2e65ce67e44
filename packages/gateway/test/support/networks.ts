import type { ConnectionFacts } from '../../src/ports.ts';

/** Returns the facts of a socket from a network of its own. */
export function networkOf(number: number): Pick<ConnectionFacts, 'clientAddress' | 'network'> {
  const name = `network-${number}`;
  return { clientAddress: `198.51.${number}.7`, network: { network: name, parent: name } };
}
