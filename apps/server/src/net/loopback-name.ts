import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { isLoopback } from './address-range.ts';

/** Returns whether the host of a URL is this machine: `localhost`, or a loopback address. */
export function isLoopbackName(host: string): boolean {
  if (host === 'localhost') return true;
  const address = parseIpAddress(host.replace(/^\[(.*)\]$/u, '$1'));
  return address !== null && isLoopback(address);
}
